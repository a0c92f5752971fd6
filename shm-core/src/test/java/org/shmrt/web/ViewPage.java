package org.shmrt.web;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A page without a browser: sends requests and takes answers in the order in which they come. */
final class ViewPage implements AutoCloseable {
    /** A message of the server; payload is empty for text. */
    record Message(JsonObject json, byte[] payload, int headerBytes) {
        String op() {
            return json.get("op").getAsString();
        }

        String text(String key) {
            return json.get(key).getAsString();
        }
    }

    private static final Gson GSON = new Gson();
    private static final long PATIENCE_S = 90;

    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> closes = new LinkedBlockingQueue<>();
    private final Mode mode;
    private WebSocket socket;

    /** Whether a page reads what it gets. */
    enum Mode {
        READING,
        /** Takes one message from the network for each {@link #more()}. */
        ASLEEP
    }

    private ViewPage(Mode mode) {
        this.mode = mode;
    }

    static ViewPage open(String address) {
        return open(HttpClient.newHttpClient(), address, Mode.READING);
    }

    static ViewPage open(HttpClient client, String address, Mode mode, String... headers) {
        ViewPage page = new ViewPage(mode);
        URI uri = URI.create(address.replaceFirst("http", "ws")).resolve("/ws");
        WebSocket.Builder builder =
                client.newWebSocketBuilder().header("Origin", address.substring(0, address.length() - 1));
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        page.socket = builder.buildAsync(uri, page.new Listener()).join();
        return page;
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void onOpen(WebSocket webSocket) {
            if (mode == Mode.READING) {
                webSocket.request(1);
            }
        }

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                messages.add(new Message(JsonParser.parseString(text.toString()).getAsJsonObject(), new byte[0], 0));
                text.setLength(0);
            }
            next(webSocket, last);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
            byte[] part = new byte[data.remaining()];
            data.get(part);
            bytes.writeBytes(part);
            if (last) {
                messages.add(message(bytes.toByteArray()));
                bytes.reset();
            }
            next(webSocket, last);
            return null;
        }

        private void next(WebSocket webSocket, boolean last) {
            if (mode == Mode.READING || !last) {
                webSocket.request(1);
            }
        }

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
            closes.add(code);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            closes.add(-1);
        }
    }

    private static Message message(byte[] all) {
        int length = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).getInt();
        String header = new String(all, 4, length, StandardCharsets.UTF_8);
        return new Message(
                JsonParser.parseString(header).getAsJsonObject(),
                Arrays.copyOfRange(all, 4 + length, all.length),
                4 + length);
    }

    /** Takes one more message from the network. */
    void more() {
        socket.request(1);
    }

    /** Sends a request: keys and values. */
    void send(Object... keysAndValues) {
        Map<String, Object> request = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            request.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        sendText(GSON.toJson(request));
    }

    void sendText(String text) {
        socket.sendText(text, true).join();
    }

    /** Sends a message on which the server may close the connection, which fails a send that is not over yet. */
    void sendUnanswered(String text) {
        CompletableFuture<WebSocket> _ = socket.sendText(text, true);
    }

    /** The next message; fails the test if none comes. */
    Message receive() {
        try {
            Message message = messages.poll(PATIENCE_S, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("no answer in " + PATIENCE_S + " s");
            }
            return message;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    Message ask(Object... keysAndValues) {
        send(keysAndValues);
        return receive();
    }

    /** The newest frame of a stream that is not the given one. */
    Message frame(String stream, Object... more) {
        Object[] all = new Object[more.length + 8];
        System.arraycopy(new Object[] {"op", "frame", "id", 1, "stream", stream, "waitMs", 20_000}, 0, all, 0, 8);
        System.arraycopy(more, 0, all, 8, more.length);
        return ask(all);
    }

    /** The code with which the server closes the connection. */
    int closeCode() {
        try {
            Integer code = closes.poll(PATIENCE_S, TimeUnit.SECONDS);
            if (code == null) {
                throw new AssertionError("the connection was not closed in " + PATIENCE_S + " s");
            }
            return code;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Breaks the connection, as a killed browser does. */
    void kill() {
        socket.abort();
    }

    @Override
    public void close() {
        socket.abort();
    }
}
