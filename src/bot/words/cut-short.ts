/** Stands where the rest would be more than GitHub takes. */
export const cutShort = "… and more, which does not fit here.";
