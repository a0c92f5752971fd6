package org.shmrt.web;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.shmrt.memory.Shape;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.text.FileNames;
import org.shmrt.web.frame.FeedState;
import org.shmrt.web.frame.Frame;
import org.shmrt.web.frame.FrameRequest;
import org.shmrt.web.frame.Viewer;

/** The messages of the page in JSON. A count or a time of 64 bits is a string of decimal digits. Stateless. */
final class Protocol {
    private static final Gson GSON = new GsonBuilder()
            .serializeNulls()
            .disableHtmlEscaping()
            .serializeSpecialFloatingPointValues()
            .setStrictness(Strictness.STRICT)
            .create();
    private static final double NUMBER_LIMIT = 1L << 53;

    private Protocol() {}

    static String text(Map<String, Object> message) {
        return GSON.toJson(message);
    }

    /** A request that has the form of one. */
    static final class Request {
        private final JsonObject json;

        private Request(JsonObject json) {
            this.json = json;
        }

        /** Reads a message; empty if it is not a JSON object. */
        static Optional<Request> of(String text) {
            try {
                JsonElement element = GSON.fromJson(text, JsonElement.class);
                return element != null && element.isJsonObject()
                        ? Optional.of(new Request(element.getAsJsonObject()))
                        : Optional.empty();
            } catch (JsonParseException | IllegalStateException | NumberFormatException e) {
                return Optional.empty();
            }
        }

        /** A text; empty if it is missing, null or something else. */
        Optional<String> text(String key) {
            JsonElement value = json.get(key);
            return value != null
                            && value.isJsonPrimitive()
                            && value.getAsJsonPrimitive().isString()
                    ? Optional.of(value.getAsString())
                    : Optional.empty();
        }

        /** A number without fraction, or the digits of one in a string; empty if it is something else. */
        OptionalLong integer(String key) {
            JsonElement value = json.get(key);
            if (value == null
                    || !value.isJsonPrimitive()
                    || value.getAsJsonPrimitive().isBoolean()) {
                return OptionalLong.empty();
            }
            String text = value.getAsString();
            try {
                if (value.getAsJsonPrimitive().isString()) {
                    return OptionalLong.of(Long.parseUnsignedLong(text));
                }
                double number = value.getAsDouble();
                return Math.rint(number) == number && Math.abs(number) < NUMBER_LIMIT
                        ? OptionalLong.of((long) number)
                        : OptionalLong.empty();
            } catch (NumberFormatException e) {
                return OptionalLong.empty();
            }
        }

        /** Whether a key has a value other than null. */
        boolean has(String key) {
            return json.has(key) && !json.get(key).isJsonNull();
        }

        /** The objects in an array; others are left out. */
        List<Request> objects(String key) {
            List<Request> objects = new ArrayList<>();
            if (json.get(key) instanceof JsonArray array) {
                for (JsonElement element : array) {
                    if (element.isJsonObject()) {
                        objects.add(new Request(element.getAsJsonObject()));
                    }
                }
            }
            return objects;
        }
    }

    /** An answer to a request, to which more keys can be added. */
    static Map<String, Object> answer(String op, long id) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("op", op);
        answer.put("id", id);
        return answer;
    }

    /** The header of a frame. */
    static Map<String, Object> frame(FrameRequest request, Frame frame, long lost) {
        Map<String, Object> header = answer("frame", request.id());
        Shape shape = frame.shape(request.slice());
        header.put("stream", frame.source().stream());
        header.put("generation", frame.source().generation());
        header.put("count", unsigned(frame.stamp().count()));
        header.put("frameId", unsigned(frame.stamp().frameId()));
        header.put("acquiredNs", String.valueOf(frame.stamp().acquiredNs()));
        header.put("nowNs", String.valueOf(frame.stamp().readNs()));
        header.put("dtype", frame.source().type().numpyName());
        header.put("shape", shape.lengths());
        header.put("streamShape", frame.source().shape().lengths());
        header.put("slice", request.slice() == Frame.WHOLE ? null : request.slice());
        header.put("slices", frame.source().slices());
        header.put("lost", unsigned(lost));
        header.put("bytes", shape.byteSize(frame.source().type()));
        return header;
    }

    /** The answer that there is no frame. */
    static Map<String, Object> none(FrameRequest request, Viewer.Reason reason) {
        Map<String, Object> answer = answer("frame", request.id());
        answer.put("stream", request.stream());
        answer.put("none", true);
        answer.put("why", reason.name());
        return answer;
    }

    /** A stream in the list; empty if it cannot be read. */
    static Optional<Map<String, Object>> stream(FeedState state) {
        if (state.layout().isEmpty()) {
            return Optional.empty();
        }
        StreamLayout layout = state.layout().get();
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", state.name());
        entry.put("file", FileNames.text(state.path()));
        entry.put("format", layout.format());
        entry.put("variant", layout.variant());
        entry.put("dtype", layout.type().numpyName());
        entry.put("shape", layout.shape().lengths());
        entry.put("depth", layout.depth());
        entry.put("count", unsigned(state.count()));
        entry.put("generation", state.generation());
        entry.put("rateHz", state.rateHz().isPresent() ? state.rateHz().getAsDouble() : null);
        entry.put("intervalUs", state.percentilesUs().length == 0 ? null : intervals(state.percentilesUs()));
        entry.put("ageNs", state.ageNs() < 0 ? null : String.valueOf(state.ageNs()));
        entry.put("lost", unsigned(state.lost()));
        entry.put("state", state.freshness().name().toLowerCase(Locale.ROOT));
        entry.put("writerPid", state.writerPid() == 0 ? null : state.writerPid());
        entry.put("spark", finite(state.meanUs()));
        entry.put("bytes", layout.frameBytes());
        return Optional.of(entry);
    }

    private static Map<String, Object> intervals(double[] percentiles) {
        Map<String, Object> intervals = new LinkedHashMap<>();
        intervals.put("p50", percentiles[0]);
        intervals.put("p99", percentiles[1]);
        return intervals;
    }

    /** JSON has no NaN. */
    private static List<Double> finite(double[] values) {
        List<Double> finite = new ArrayList<>();
        for (double value : values) {
            finite.add(Double.isFinite(value) ? value : null);
        }
        return finite;
    }

    static String unsigned(long value) {
        return Long.toUnsignedString(value);
    }
}
