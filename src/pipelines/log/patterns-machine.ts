import { type Meaning, type Sign, signs } from "./patterns-signs.ts";

const memory: Meaning = { says: "cause", kind: "memory" };
const disk: Meaning = { says: "cause", kind: "disk" };
const network: Meaning = { says: "cause", kind: "network" };
const crash: Meaning = { says: "cause", kind: "crash" };

/** The builder itself ran out of something, or a program fell over. */
export const MACHINE: readonly Sign[] = [
  ...signs(memory, "end", ["] Killed", ": Killed", "] Error 137"]),
  ...signs(memory, "has", [
    "Killed signal terminated program",
    " Killed   ",
    "signal: 9, SIGKILL",
    "signal: killed",
    "ut of memory",
    "OutOfMemoryError",
    "MemoryError",
    "Cannot allocate memory",
    "virtual memory exhausted",
    "memory exhausted",
    "std::bad_alloc",
    "exit status 137",
    "exit code 137",
  ]),
  { ...memory, start: "Killed", end: "Killed" },
  ...signs(disk, "has", ["No space left on device", "Disk quota exceeded", "ENOSPC"]),
  { ...disk, has: " needs ", end: " filesystem" },
  ...signs(network, "start", ["curl: (", "fatal: unable to access ", "  - Curl error ("]),
  ...signs({ ...network, says: "complaint" }, "has", [
    "ould not resolve host",
    "ouldn't resolve host",
    "emporary failure in name resolution",
    "ame or service not known",
    "etwork is unreachable",
    "onnection timed out",
    "ouldn't connect to server",
    "SSL certificate problem",
    "certificate verify failed",
    "getaddrinfo ",
    "dial tcp",
  ]),
  ...signs(crash, "end", ["] Segmentation fault", "] Aborted", "(core dumped)"]),
  ...signs(crash, "has", ["internal compiler error", "Segmentation fault  ", "AddressSanitizer: "]),
];
