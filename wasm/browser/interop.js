// The JavaScript side of crossing.cpp, as an Emscripten library: with EM_JS the module would carry all of this as text. What may throw is
// caught here: an exception would run through C++ frames without unwinding them and leave the hub half-changed.

mergeInto(LibraryManager.library, {
  // C++'s text, whose size is known: UTF8ToString would look for its end, byte after byte.
  $takeText: function (text, size) {
    return UTF8Decoder.decode(new Uint8Array(HEAPU8.buffer, text, size));
  },

  // A block of malloc's for the caller to free: the size in bytes, then the UTF-8. 0 when the value is no text of at most `unitsMax` UTF-16
  // units, or has a lone surrogate. The length is looked at first, so that an oversized text costs nothing.
  $copyText__deps: ['malloc'],
  $copyText: function (text, unitsMax) {
    if (typeof text !== 'string' || text.length > unitsMax) return 0;
    // A unit of UTF-16 is at most three bytes of UTF-8.
    const block = _malloc(4 + 3 * text.length);
    const bytes = block + 4;
    let size = 0;
    // Most are short and ASCII: the encoder, cold, takes longer than this.
    if (text.length < 1024) for (let code; (code = text.charCodeAt(size)) < 128; ++size) HEAPU8[bytes + size] = code;
    if (size < text.length) {
      if (!text.isWellFormed()) {
        _free(block);
        return 0;
      }
      size = new TextEncoder().encodeInto(text, HEAPU8.subarray(bytes, bytes + 3 * text.length)).written;
    }
    HEAPU32[block >> 2] = size;
    return block;
  },

  lockstep_copy_text__deps: ['$Emval', '$copyText'],
  lockstep_copy_text: function (value, unitsMax) {
    return copyText(Emval.toValue(value), unitsMax);
  },

  // The page's host, of bridge-html/host.ts. One module is one hub.
  $host: '=null',
  lockstep_use_host__deps: ['$Emval', '$host'],
  lockstep_use_host: function (handle) {
    host = Emval.toValue(handle);
  },

  // The text that the store gave or took last.
  $lastText: '=null',
  // What the store showed when a change of it was told, for the look that follows at once (R10).
  $shown: '=null',
  // The key is PROTOCOL §4's: a constant here, since decoding it took longer than reading what it names. What the store shows, as such a block;
  // or why there is none: read_storage says which.
  lockstep_read_storage__deps: ['$copyText', '$host', '$lastText', '$shown'],
  lockstep_read_storage: function (unitsMax) {
    try {
      const text = shown ?? host.area().getItem('lockstep');
      shown = null;
      if (text === null) return 1;
      if (text === lastText) return 3;
      const block = copyText(text, unitsMax);
      if (block) lastText = text;
      return block || 2;
    } catch (_) {
      return 0;
    }
  },

  lockstep_write_storage__deps: ['$host', '$takeText', '$lastText'],
  lockstep_write_storage: function (text, size) {
    try {
      const written = takeText(text, size);
      host.area().setItem('lockstep', written);
      lastText = written;
      return 1;
    } catch (_) {
      return 0;
    }
  },

  // 0: not of this key, or of another storage area; 1: it changed; 2: it is gone; 3: it changed, and has changed again since. What the event
  // says is the browser's own, each a call into it: of the usual change no more is asked than must be.
  lockstep_storage_news__deps: ['$Emval', '$host', '$shown'],
  lockstep_storage_news: function (event) {
    const { key, newValue } = Emval.toValue(event);
    try {
      if (key !== null && key !== 'lockstep') return 0;
      const area = host.area();
      const isGone = key === null || newValue === null;
      if (!isGone) {
        shown = area.getItem('lockstep');
        if (newValue === shown) return 1;
        shown = null;
      }
      if (Emval.toValue(event).storageArea !== area) return 0;
      return isGone ? 2 : 3;
    } catch (_) {
      return 0;
    }
  },

  // Two methods that every change needs have crossings of their own: to decode a method's name takes longer than most of them.
  lockstep_let_others_hear__deps: ['$host'],
  lockstep_let_others_hear: function () {
    return host.letOthersHear();
  },
  lockstep_set_timer__deps: ['$host'],
  lockstep_set_timer: function (delayMs) {
    host.setTimer(delayMs);
  },
  lockstep_call_host__deps: ['$host'],
  lockstep_call_host: function (method, number, text) {
    host[UTF8ToString(method)](number, text ? UTF8ToString(text) : undefined);
  },

  lockstep_only_port__deps: ['$Emval'],
  lockstep_only_port: function (event) {
    const ports = Emval.toValue(event).ports;
    return ports.length === 1 ? Emval.toHandle(ports[0]) : 0;
  },

  lockstep_listen__deps: ['$Emval', '$host'],
  lockstep_listen: function (id, port) {
    host.listen(id, Emval.toValue(port));
  },

  lockstep_close_port__deps: ['$Emval'],
  lockstep_close_port: function (handle) {
    const port = Emval.toValue(handle);
    port.onmessage = null;
    port.close();
  },

  lockstep_show_button__deps: ['$host'],
  lockstep_show_button: function (label, style) {
    host.showButton(UTF8ToString(label), UTF8ToString(style));
  },

  lockstep_post_text__deps: ['$Emval', '$takeText'],
  lockstep_post_text: function (port, text, size) {
    return Emval.toValue(port).postMessage(takeText(text, size));
  },

  lockstep_text__deps: ['$Emval'],
  lockstep_text: function (text) {
    return Emval.toHandle(UTF8ToString(text));
  },

  lockstep_now__deps: ['$host'],
  lockstep_now: function () {
    return host.now();
  },
});
