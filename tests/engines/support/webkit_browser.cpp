// A browser of a few lines around WebKitGTK, for WebKitWebDriver to drive. MiniBrowser, driven, forgets all when it
// ends; this one keeps a profile, as a user's does, so that it can be closed, or killed, and started again. Its
// argument is the profile's folder.

#include <string>

// What is used of WebKitGTK, GTK and GLib, so that none of their headers have to be installed.
extern "C" {
void gtk_init(int*, char***);
void gtk_main();
void* gtk_window_new(int);
void gtk_window_set_default_size(void*, int, int);
void gtk_container_add(void*, void*);
void gtk_widget_show_all(void*);
void gtk_widget_destroy(void*);
unsigned g_idle_add(int (*)(void*), void*);
unsigned long g_signal_connect_data(void*, const char*, void (*)(), void*, void*, int);
void* g_object_new(unsigned long, const char*, ...);
unsigned long webkit_web_view_get_type();
unsigned long webkit_web_context_get_type();
void* webkit_website_data_manager_new(const char*, ...);
void* webkit_website_data_manager_get_cookie_manager(void*);
void webkit_cookie_manager_set_accept_policy(void*, int);
void webkit_cookie_manager_set_persistent_storage(void*, const char*, int);
void webkit_web_context_set_automation_allowed(void*, int);
void* webkit_application_info_new();
void webkit_application_info_set_name(void*, const char*);
void webkit_application_info_set_version(void*, unsigned long, unsigned long, unsigned long);
void webkit_automation_session_set_application_info(void*, void*);
}

namespace {

void connect(void* object, const char* signal, auto function) {
    g_signal_connect_data(object, signal, reinterpret_cast<void (*)()>(function), nullptr, nullptr, 0);
}

void* g_context;

int destroy_once(void* window) {
    gtk_widget_destroy(window);
    return 0;
}

void* window_around(void* view) {
    void* window = gtk_window_new(0);
    gtk_window_set_default_size(window, 1000, 700);
    gtk_container_add(window, view);
    gtk_widget_show_all(window);
    const auto destroy = +[](void*, void* around) { gtk_widget_destroy(around); };
    g_signal_connect_data(view, "close", reinterpret_cast<void (*)()>(destroy), window, nullptr, 0);
    // The driver asks every window for its page, and gives up where there is none.
    // Not at once: WebKit goes on with the page after it has reported this, and crashed one time in ten.
    const auto crashed = +[](void*, int, void* around) { g_idle_add(destroy_once, around); };
    g_signal_connect_data(view, "web-process-terminated", reinterpret_cast<void (*)()>(crashed), window, nullptr, 0);
    return view;
}

void* open_related(void* opener, void*, void*);

void* open_window(void*, void*) {
    void* view =
        g_object_new(webkit_web_view_get_type(), "web-context", g_context, "is-controlled-by-automation", 1, nullptr);
    connect(view, "create", open_related);
    return window_around(view);
}

void* open_related(void* opener, void*, void*) {
    void* view =
        g_object_new(webkit_web_view_get_type(), "related-view", opener, "is-controlled-by-automation", 1, nullptr);
    connect(view, "create", open_related);
    return window_around(view);
}

void automation_started(void*, void* session, void*) {
    void* information = webkit_application_info_new();
    webkit_application_info_set_name(information, "MiniBrowser");
    webkit_application_info_set_version(information, 2, 50, 0);
    webkit_automation_session_set_application_info(session, information);
    connect(session, "create-web-view", open_window);
}

}  // namespace

int main(int count, char** words) {
    gtk_init(&count, &words);
    if (count < 2) return 1;
    const std::string profile = words[1];
    void* data = webkit_website_data_manager_new("base-data-directory", (profile + "/data").c_str(),
                                                 "base-cache-directory", (profile + "/cache").c_str(), nullptr);
    void* cookies = webkit_website_data_manager_get_cookie_manager(data);
    constexpr int no_third_party = 2;
    constexpr int sqlite = 1;
    webkit_cookie_manager_set_accept_policy(cookies, no_third_party);
    webkit_cookie_manager_set_persistent_storage(cookies, (profile + "/cookies.sqlite").c_str(), sqlite);
    g_context = g_object_new(webkit_web_context_get_type(), "website-data-manager", data, nullptr);
    webkit_web_context_set_automation_allowed(g_context, 1);
    connect(g_context, "automation-started", automation_started);
    gtk_main();
}
