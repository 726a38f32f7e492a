// The events of a run, as both React peers check them.
import { z } from "zod";

const base = { run_id: z.string(), seq: z.number().int().optional(), event_id: z.string().optional() };
const status = z.enum(["success", "error", "killed"]);

export const Event = z.discriminatedUnion("event", [
  z.looseObject({ event: z.literal("run_start"), ...base, entity_name: z.string().optional() }),
  z.looseObject({ event: z.literal("run_end"), ...base, status: status.optional() }),
  z.looseObject({ event: z.literal("start_node"), ...base, node_id: z.string(), order: z.number().int().optional() }),
  z.looseObject({
    event: z.literal("end_node"), ...base, node_id: z.string(), order: z.number().int().optional(), status,
    content: z.unknown().optional(), error: z.string().optional(),
  }),
]);
