package org.shmrt.web;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;
import org.shmrt.error.ShmException;
import org.shmrt.image.colour.ColourMap;
import org.shmrt.text.FileNames;
import org.shmrt.web.Protocol.Request;
import org.shmrt.web.frame.Feed;
import org.shmrt.web.frame.FeedState;
import org.shmrt.web.frame.Frame;
import org.shmrt.web.frame.FrameRequest;
import org.shmrt.web.frame.PastFrames;
import org.shmrt.web.frame.Streams;
import org.shmrt.web.frame.Thumbnail;
import org.shmrt.web.frame.Viewer;

/** What pages ask for. Requests are checked by the thread that received them and answered by others. */
final class Operations {
    private static final int MAX_CLIENTS = 16;
    private static final long LIST_PERIOD_NS = 100_000_000L;
    private static final long LOOPS_PERIOD_NS = 500_000_000L;
    private static final long MAX_WAIT_MS = 10_000;
    private static final long NS_PER_MS = 1_000_000L;
    private static final int MAX_THUMBS = 512;
    private static final int MIN_THUMB = 8;
    private static final int MAX_THUMB = 512;
    private static final int MAX_NAME = 255;

    private final ViewSettings settings;
    private final Streams streams;
    private final ViewReports reports;
    private final Executor executor;
    private final Set<Client> clients = ConcurrentHashMap.newKeySet();
    private List<Map<String, Object>> listed = List.of();
    private List<Map<String, Object>> problems = List.of();
    private List<Map<String, Object>> loops = List.of();
    private long listedNs = System.nanoTime() - LIST_PERIOD_NS;
    private long loopsNs = System.nanoTime() - LOOPS_PERIOD_NS;

    Operations(ViewSettings settings, Streams streams, ViewReports reports, Executor executor) {
        this.settings = settings;
        this.streams = streams;
        this.reports = reports;
        this.executor = executor;
    }

    /** The receiver for a new connection; null if there are too many, after an error was sent. */
    Client newClient(ServerUpgradeResponse response, Callback callback) {
        synchronized (clients) {
            if (clients.size() < MAX_CLIENTS) {
                Client client = new Client(this);
                clients.add(client);
                return client;
            }
        }
        Replies.error(response, 503, MAX_CLIENTS + " pages are open already: close one of them", callback);
        return null;
    }

    void gone(Client client) {
        clients.remove(client);
        streams.forget(client);
    }

    /** Checks a message and begins to answer it. */
    void receive(Client client, String text) {
        Optional<Request> request = Request.of(text);
        if (request.isEmpty()) {
            client.refuseUncounted(null, "the message is not a JSON object");
            return;
        }
        OptionalLong id = request.get().integer("id");
        Optional<String> op = request.get().text("op");
        if (id.isEmpty() || op.isEmpty()) {
            client.refuseUncounted(
                    id.isEmpty() ? null : id.getAsLong(), "a request needs \"op\" and a number as \"id\"");
            return;
        }
        if (!client.begin()) {
            client.refuseUncounted(
                    id.getAsLong(), "more than " + Client.MAX_OPEN + " requests are open: wait for an answer");
            return;
        }
        if (op.get().equals("frame")) {
            frame(client, id.getAsLong(), request.get());
            return;
        }
        try {
            executor.execute(() -> answer(client, op.get(), id.getAsLong(), request.get()));
        } catch (RejectedExecutionException e) {
            client.refuse(id.getAsLong(), "the server is busy: ask again");
        }
    }

    private void answer(Client client, String op, long id, Request request) {
        try {
            switch (op) {
                case "hello" -> client.answer(hello(id));
                case "list" -> client.answer(list(id));
                case "thumbs" -> thumbs(client, id, request);
                case "past" -> past(client, id, request);
                case "history" -> client.answer(history(id, stream(request)));
                case "info" -> client.answer(info(id, stream(request)));
                case "loop" -> client.answer(loop(id, name(request, "name")));
                default -> client.refuse(id, "there is no request of this name");
            }
        } catch (ShmException | IllegalArgumentException e) {
            client.refuse(id, e.getMessage());
        } catch (OutOfMemoryError e) {
            client.refuse(id, "the server has no memory for this answer: ask for less, or give it more (-Xmx)");
        } catch (RuntimeException | Error e) {
            client.refuse(id, "the server failed: " + e);
        }
    }

    private Map<String, Object> hello(long id) {
        Map<String, Object> hello = Protocol.answer("hello", id);
        hello.put("version", settings.version());
        hello.put("directory", FileNames.text(settings.scope().directory()));
        hello.put("readOnly", true);
        hello.put("colourMaps", colourMaps());
        return hello;
    }

    private static List<Map<String, Object>> colourMaps() {
        List<Map<String, Object>> maps = new ArrayList<>();
        for (ColourMap map : ColourMap.values()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", map.label());
            entry.put("rgb", Base64.getEncoder().encodeToString(map.rgb()));
            maps.add(entry);
        }
        return maps;
    }

    /** All pages share one list, which is made at most ten times a second. */
    private Map<String, Object> list(long id) {
        Map<String, Object> list = Protocol.answer("list", id);
        synchronized (this) {
            long nowNs = System.nanoTime();
            if (nowNs - listedNs >= LIST_PERIOD_NS) {
                listedNs = nowNs;
                describe(streams.list());
            }
            if (nowNs - loopsNs >= LOOPS_PERIOD_NS) {
                loopsNs = nowNs;
                loops = reports.loops();
            }
            list.put("nowNs", String.valueOf(System.currentTimeMillis() * NS_PER_MS));
            list.put("streams", listed);
            list.put("loops", loops);
            list.put("problems", problems);
        }
        return list;
    }

    private void describe(List<FeedState> states) {
        List<Map<String, Object>> readable = new ArrayList<>();
        List<Map<String, Object>> unreadable = new ArrayList<>();
        for (FeedState state : states) {
            Protocol.stream(state).ifPresent(readable::add);
            if (!state.problem().isEmpty()) {
                Map<String, Object> problem = new LinkedHashMap<>();
                problem.put("name", state.name());
                problem.put("message", state.problem());
                unreadable.add(problem);
            }
        }
        listed = readable;
        problems = unreadable;
    }

    private void thumbs(Client client, long id, Request request) {
        int size = Math.clamp(request.integer("size").orElse(128), MIN_THUMB, MAX_THUMB);
        List<Request> wanted = request.objects("names");
        if (wanted.size() > MAX_THUMBS) {
            throw new IllegalArgumentException("at most " + MAX_THUMBS + " thumbnails in one request");
        }
        for (Request one : wanted) {
            if (client.isSlow()) {
                break; // it asks again
            }
            String name = name(one, "name");
            OptionalLong after = one.integer("after");
            Optional<Long> seen = after.isPresent() ? Optional.of(after.getAsLong()) : Optional.empty();
            streams.feed(name)
                    .flatMap(feed -> feed.thumbnail(size, seen))
                    .ifPresent(picture -> client.part(
                            thumb(id, name, picture), picture.thumbnail().pixels()));
        }
        Map<String, Object> done = Protocol.answer("thumbs", id);
        done.put("done", true);
        client.answer(done);
    }

    private static Map<String, Object> thumb(long id, String name, Feed.Picture picture) {
        Thumbnail thumbnail = picture.thumbnail();
        Map<String, Object> header = Protocol.answer("thumb", id);
        header.put("stream", name);
        header.put("count", Protocol.unsigned(picture.count()));
        header.put("width", thumbnail.width());
        header.put("height", thumbnail.height());
        header.put("low", thumbnail.low());
        header.put("high", thumbnail.high());
        header.put("valid", thumbnail.valid());
        return header;
    }

    private void frame(Client client, long id, Request request) {
        try {
            FrameRequest asked = frameRequest(client, id, request);
            Optional<Feed> feed = streams.feed(asked.stream());
            if (feed.isPresent()) {
                feed.get().request(asked);
            } else {
                client.none(asked, Viewer.Reason.REMOVED);
            }
        } catch (ShmException | IllegalArgumentException e) {
            client.refuse(id, e.getMessage());
        } catch (RuntimeException | Error e) {
            client.refuse(id, "the server failed: " + e);
        }
    }

    private static FrameRequest frameRequest(Client client, long id, Request request) {
        OptionalLong after = request.integer("after");
        Optional<FrameRequest.Seen> seen = after.isPresent()
                ? Optional.of(new FrameRequest.Seen(
                        after.getAsLong(), request.text("generation").orElse("")))
                : Optional.empty();
        long waitMs = Math.clamp(request.integer("waitMs").orElse(1000), 0, MAX_WAIT_MS);
        long deadlineNs = System.nanoTime() + waitMs * NS_PER_MS;
        return new FrameRequest(client, id, name(request, "stream"), seen, slice(request), deadlineNs);
    }

    private static int slice(Request request) {
        if (!request.has("slice")) {
            return Frame.WHOLE;
        }
        long slice = request.integer("slice").orElse(-1);
        if (slice < 0 || slice > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("\"slice\" must be null or a number from 0");
        }
        return (int) slice;
    }

    private void past(Client client, long id, Request request) {
        OptionalLong slot = request.integer("slot");
        if (slot.isEmpty() || slot.getAsLong() < 0 || slot.getAsLong() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("\"slot\" must be a number from 0");
        }
        Feed feed = stream(request);
        feed.past(frameRequest(client, id, request), (int) slot.getAsLong());
    }

    private static Map<String, Object> history(long id, Feed feed) {
        List<Map<String, Object>> slots = new ArrayList<>();
        for (PastFrames.Slot slot : feed.history()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("slot", slot.slot());
            entry.put("count", Protocol.unsigned(slot.count()));
            entry.put("acquiredNs", String.valueOf(slot.acquiredNs()));
            slots.add(entry);
        }
        Map<String, Object> history = Protocol.answer("history", id);
        history.put("stream", feed.name());
        history.put("slots", slots);
        return history;
    }

    private Map<String, Object> info(long id, Feed feed) {
        Map<String, Object> info = Protocol.answer("info", id);
        info.put("stream", feed.name());
        info.put("info", reports.stream(feed.path()));
        return info;
    }

    private Map<String, Object> loop(long id, String name) {
        Map<String, Object> loop = Protocol.answer("loop", id);
        loop.put("name", name);
        loop.put("loop", reports.loop(name));
        return loop;
    }

    private Feed stream(Request request) {
        String name = name(request, "stream");
        return streams.feed(name).orElseThrow(() -> new IllegalArgumentException("there is no stream '" + name + "'"));
    }

    private static String name(Request request, String key) {
        String name = request.text(key).orElse("");
        if (name.isEmpty() || name.length() > MAX_NAME || name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "\"" + key + "\" must be a name of 1 to " + MAX_NAME + " characters without a slash");
        }
        return name;
    }
}
