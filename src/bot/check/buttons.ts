import type { Button } from "./check.ts";
import { buttons } from "../words/buttons.ts";

/** Consents to building the commit that the check stands on. */
export const ackButton: Button = { identifier: "ack", ...buttons.ack };

/** The same consent, on the check that stands for the review. */
export const consentButton: Button = { identifier: "ack", ...buttons.consent };

/** Lets pass how a promotion differs from what was tested. */
export const acceptButton = { identifier: "accept", ...buttons.accept } as const satisfies Button;

/** Gives such a promotion up. */
export const dropButton = { identifier: "drop", ...buttons.drop } as const satisfies Button;
