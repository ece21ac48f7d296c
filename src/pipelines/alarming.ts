/** What a door writes into its log where somebody must look: the deployment has an alarm for each. */
export const TAG_MOVED = "tag moved";

/** A key ends soon, and no other one takes its place. */
export const KEY_ENDS = "a key ends within 180 days";
