/** Tags that begin a block of HTML in Markdown (CommonMark 0.31, section 4.6, kind 6). */
export const BLOCK_TAGS: ReadonlySet<string> = new Set(
  (
    "address article aside base basefont blockquote body caption center col colgroup dd details dialog dir div dl dt " +
    "fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend li " +
    "link main menu menuitem nav noframes ol optgroup option p param search section summary table tbody td tfoot " +
    "th thead title tr track ul"
  ).split(" "),
);

/** Elements whose text a person does not see at a glance, or sees as code or as a quote. */
export const VEILS: ReadonlySet<string> = new Set(
  (
    "blockquote code del details iframe kbd noembed noframes noscript plaintext pre q s samp script strike style svg " +
    "template textarea title tt var xmp"
  ).split(" "),
);
