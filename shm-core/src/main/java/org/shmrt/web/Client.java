package org.shmrt.web;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.shmrt.web.frame.Frame;
import org.shmrt.web.frame.FrameRequest;
import org.shmrt.web.frame.Viewer;

/**
 * One open page. Sends one message after the other; a page that reads slowly gets a frame when the one before has left,
 * so it gets fewer, and never an old one. Safe for any thread; no call blocks. Public because Jetty looks its methods up.
 */
public final class Client extends Session.Listener.AbstractAutoDemanding implements Viewer {
    /** Requests that are open at the same time. */
    static final int MAX_OPEN = 64;
    /** Frames on their way: the second one is read while the first one is written. */
    private static final int MAX_FRAMES = 2;
    /** A page that has more waiting for it does not read at all. */
    private static final int MAX_MESSAGES = 1024;

    private static final long MAX_QUEUED_BYTES = 32L << 20;
    private static final int HEADER_ALIGNMENT = 16;
    private static final int LENGTH_BYTES = 4;
    private static final int CLOSE_POLICY = 1008;

    private final Operations operations;
    private final ArrayDeque<Message> queue = new ArrayDeque<>();
    private Session session;
    private boolean sending;
    private boolean closed;
    private int open;
    private int frames;
    private long queuedBytes;

    /** A message: text, or the parts of a binary one. */
    private record Message(String text, List<ByteBuffer> parts, Runnable sent, long bytes) {}

    Client(Operations operations) {
        this.operations = operations;
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        synchronized (this) {
            session = opened;
        }
        super.onWebSocketOpen(opened);
    }

    @Override
    public void onWebSocketText(String text) {
        operations.receive(this, text);
    }

    @Override
    public void onWebSocketClose(int code, String reason, Callback callback) {
        gone();
        callback.succeed();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        gone(); // the connection broke, or the page sent what no page of ours sends
    }

    private void gone() {
        List<Message> unsent;
        synchronized (this) {
            closed = true;
            unsent = new ArrayList<>(queue);
            queue.clear();
        }
        unsent.forEach(message -> message.sent().run());
        operations.gone(this);
    }

    /** Counts a request; false if too many are open. */
    synchronized boolean begin() {
        if (open >= MAX_OPEN) {
            return false;
        }
        open++;
        return true;
    }

    private synchronized void end() {
        open--;
    }

    /** Whether so much waits for this page that it gets no thumbnails at present. */
    synchronized boolean isSlow() {
        return queuedBytes > MAX_QUEUED_BYTES;
    }

    /** The last answer to a request. */
    void answer(Map<String, Object> answer) {
        send(new Message(Protocol.text(answer), List.of(), this::end, 0));
    }

    /** The answer to a request that cannot be answered. */
    void refuse(Object request, String message) {
        answer(error(request, message));
    }

    /** The same for a request that was not counted. */
    void refuseUncounted(Object request, String message) {
        send(new Message(Protocol.text(error(request, message)), List.of(), () -> {}, 0));
    }

    private static Map<String, Object> error(Object request, String message) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("op", "error");
        error.put("request", request);
        error.put("message", message);
        return error;
    }

    /** A binary message that is not the last answer to its request. */
    void part(Map<String, Object> header, byte[] payload) {
        send(new Message("", List.of(head(header), ByteBuffer.wrap(payload)), () -> {}, payload.length));
    }

    private static ByteBuffer head(Map<String, Object> header) {
        byte[] json = Protocol.text(header).getBytes(StandardCharsets.UTF_8);
        int whole = Math.ceilDiv(LENGTH_BYTES + json.length, HEADER_ALIGNMENT) * HEADER_ALIGNMENT;
        byte[] bytes = new byte[whole];
        Arrays.fill(bytes, (byte) ' ');
        ByteBuffer head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        head.putInt(whole - LENGTH_BYTES).put(json);
        return head.rewind();
    }

    @Override
    public synchronized boolean isReady() {
        return frames < MAX_FRAMES || closed;
    }

    @Override
    public void frame(FrameRequest request, Frame frame, long lost) {
        ByteBuffer pixels = frame.bytes(request.slice());
        ByteBuffer head = head(Protocol.frame(request, frame, lost));
        synchronized (this) {
            frames++;
        }
        frame.retain();
        send(new Message(
                "",
                List.of(head, pixels),
                () -> {
                    frame.release();
                    synchronized (this) {
                        frames--;
                        open--;
                    }
                },
                0));
    }

    @Override
    public void none(FrameRequest request, Reason reason) {
        answer(Protocol.none(request, reason));
    }

    @Override
    public void refused(FrameRequest request, String message) {
        refuse(request.id(), message);
    }

    private void send(Message message) {
        boolean refused;
        boolean flooding;
        synchronized (this) {
            flooding = queue.size() >= MAX_MESSAGES;
            refused = closed || flooding;
            if (!refused) {
                queue.add(message);
                queuedBytes += message.bytes();
            }
        }
        if (refused) {
            message.sent().run();
            if (flooding) {
                session.close(CLOSE_POLICY, "too many requests", Callback.NOOP);
            }
            return;
        }
        sendNext();
    }

    private void sendNext() {
        Message next;
        synchronized (this) {
            if (sending || queue.isEmpty()) {
                return;
            }
            sending = true;
            next = queue.remove();
        }
        Callback done = Callback.from(() -> sent(next), failure -> sent(next));
        if (next.parts().isEmpty()) {
            session.sendText(next.text(), done);
        } else {
            sendPart(next, 0, done);
        }
    }

    private void sendPart(Message message, int index, Callback done) {
        boolean last = index == message.parts().size() - 1;
        session.sendPartialBinary(
                message.parts().get(index),
                last,
                last ? done : Callback.from(() -> sendPart(message, index + 1, done), done::fail));
    }

    private void sent(Message message) {
        synchronized (this) {
            sending = false;
            queuedBytes -= message.bytes();
        }
        message.sent().run();
        sendNext();
    }
}
