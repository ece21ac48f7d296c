/** What a door writes into its log where somebody must look: the deployment has an alarm for each. */
export const TAG_MOVED = "tag moved";
