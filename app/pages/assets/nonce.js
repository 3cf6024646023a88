"use strict";

// The library that locks scrolling behind a dialogue reads the nonce of its <style> here.
globalThis.__webpack_nonce__ = document.currentScript.nonce;
