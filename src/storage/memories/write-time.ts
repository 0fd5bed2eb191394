/**
 * The time of a change of `m`: the database's own clock once the row is locked, so that whoever waited for it is not older than what
 * it waited for, and never before the change before, whatever clocks do.
 */
export const WRITE_TIME = "greatest(clock_timestamp(), m.update_time)";
