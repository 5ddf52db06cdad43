// Presses "Sign out" on the page that ends the provider's session, when an app of ours has asked for it with a valid ID
// token.
document.querySelector('button[name="logout"]')?.click();
