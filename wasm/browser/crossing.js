// The JavaScript side of crossing.cpp, as an Emscripten library: with EM_JS the module would carry all of this as text. What may throw is
// caught here: an exception would run through C++ frames without unwinding them and leave the hub half-changed.

mergeInto(LibraryManager.library, {
  // C++'s text, whose size is known: UTF8ToString would look for its end, byte after byte.
  $takeText: function (text, size) {
    return UTF8Decoder.decode(HEAPU8.subarray(text, text + size));
  },

  // Of a handle; or, called from below, of the value itself. The caller frees the copy. 0 when the value is no text within the bound; the
  // length may count NUL characters. A character of UTF-16 is at most three bytes of UTF-8.
  lockstep_copy_text__deps: ['$Emval', 'malloc'],
  lockstep_copy_text: function (value, unitsMax, size) {
    const text = typeof value === 'number' ? Emval.toValue(value) : value;
    if (typeof text !== 'string' || text.length > unitsMax || !text.isWellFormed()) return 0;
    const copy = _malloc(3 * text.length + 1);
    if (text.length < 1024) {
      // Most are short and ASCII: the encoder, cold, takes longer than this.
      let units = 0;
      for (let code; units < text.length && (code = text.charCodeAt(units)) < 128; ++units) HEAPU8[copy + units] = code;
      HEAPU32[size >> 2] = units;
      if (units === text.length) return copy;
    }
    const encoder = _lockstep_copy_text.encoder || new TextEncoder();
    _lockstep_copy_text.encoder = encoder;
    HEAPU32[size >> 2] = encoder.encodeInto(text, HEAPU8.subarray(copy, copy + 3 * text.length)).written;
    return copy;
  },

  // The key is PROTOCOL §4's: a constant here, since decoding it took longer than reading what it names. A copy like that one, or how there
  // is none: read_storage says which.
  lockstep_read_storage__deps: ['$Emval', 'lockstep_copy_text'],
  lockstep_read_storage: function (host, unitsMax, size) {
    try {
      const text = Emval.toValue(host).area().getItem('lockstep');
      if (text === null) return 1;
      if (text === _lockstep_read_storage.last) return 3;
      const copy = _lockstep_copy_text(text, unitsMax, size);
      if (copy) _lockstep_read_storage.last = text;
      return copy || 2;
    } catch (_) {
      return 0;
    }
  },

  lockstep_write_storage__deps: ['$Emval', '$takeText', 'lockstep_read_storage'],
  lockstep_write_storage: function (host, text, size) {
    try {
      const written = takeText(text, size);
      Emval.toValue(host).area().setItem('lockstep', written);
      _lockstep_read_storage.last = written;
      return 1;
    } catch (_) {
      return 0;
    }
  },

  // 0: not of this key, or of another storage area; 1: it changed; 2: it is gone; 3: it changed, and has changed again since.
  lockstep_storage_news__deps: ['$Emval'],
  lockstep_storage_news: function (host, event) {
    const news = Emval.toValue(event);
    try {
      const area = Emval.toValue(host).area();
      if (news.storageArea !== area || (news.key !== null && news.key !== 'lockstep')) return 0;
      if (news.key === null || news.newValue === null) return 2;
      return news.newValue === area.getItem('lockstep') ? 1 : 3;
    } catch (_) {
      return 0;
    }
  },

  lockstep_call_host__deps: ['$Emval'],
  lockstep_call_host: function (host, method, number, text) {
    return Emval.toValue(host)[UTF8ToString(method)](number, UTF8ToString(text)) === true;
  },

  lockstep_only_port__deps: ['$Emval'],
  lockstep_only_port: function (event) {
    const ports = Emval.toValue(event).ports;
    return ports.length === 1 ? Emval.toHandle(ports[0]) : 0;
  },

  lockstep_listen__deps: ['$Emval'],
  lockstep_listen: function (host, id, port) {
    Emval.toValue(host).listen(id, Emval.toValue(port));
  },

  lockstep_close_port__deps: ['$Emval'],
  lockstep_close_port: function (handle) {
    const port = Emval.toValue(handle);
    port.onmessage = null;
    port.close();
  },

  lockstep_show_button__deps: ['$Emval'],
  lockstep_show_button: function (host, label, style) {
    Emval.toValue(host).showButton(UTF8ToString(label), UTF8ToString(style));
  },

  lockstep_post_text__deps: ['$Emval', '$takeText'],
  lockstep_post_text: function (port, text, size) {
    return Emval.toValue(port).postMessage(takeText(text, size));
  },

  lockstep_text__deps: ['$Emval'],
  lockstep_text: function (text) {
    return Emval.toHandle(UTF8ToString(text));
  },

  lockstep_now__deps: ['$Emval'],
  lockstep_now: function (host) {
    return Emval.toValue(host).now();
  },
});
