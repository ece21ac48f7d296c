/** GitHub: a label of at most 20 characters, a description of at most 40. */
export const buttons = {
  ack: { label: "ACK and build", description: "Build this commit, and no later one" },
  consent: { label: "ACK", description: "Consent to this commit, not a later one" },
  accept: { label: "Ship it", description: "Publish it though it differs" },
  drop: { label: "Do not ship", description: "Give this promotion up" },
} as const;
