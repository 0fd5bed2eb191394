import { Code, ConnectError } from "@connectrpc/connect";
import { Http2SessionManager } from "@connectrpc/connect-node";
/**
 * Connect's own, except for two things. A stream that is reset before its answer's end fails: Node ends it as if that were all, or never.
 * And a session's last error never ends the process: Connect stops listening as soon as it goes on with another session.
 */
export class SessionManager extends Http2SessionManager {
    async request(...call) {
        const stream = await super.request(...call);
        const { session } = stream;
        if (session !== undefined && !session.listeners("error").includes(ignore))
            session.on("error", ignore);
        return failingWhereCutOff(stream);
    }
}
function ignore() { }
function failingWhereCutOff(stream) {
    let hasAnswer = false;
    let hasEnded = false;
    let isCutOff = false;
    const { push } = stream;
    const read = stream[Symbol.asyncIterator];
    // The peer's own end is pushed while the stream is open, and one that Node makes up once it is closed.
    stream.push = (chunk, encoding) => {
        if (chunk === null && !hasEnded) {
            hasEnded = true;
            isCutOff = stream.closed;
        }
        return push.call(stream, chunk, encoding);
    };
    stream[Symbol.asyncIterator] = async function* () {
        yield* read.call(stream);
        if (isCutOff)
            throw cutOff();
    };
    stream.once("response", () => {
        hasAnswer = true;
    });
    stream.once("end", () => {
        if (isCutOff && !hasAnswer)
            stream.destroy(cutOff());
    });
    return stream;
}
function cutOff() {
    return new ConnectError("the connection or a server has cut the answer off", Code.Aborted);
}
