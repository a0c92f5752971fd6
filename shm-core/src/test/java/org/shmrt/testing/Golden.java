package org.shmrt.testing;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.shmrt.memory.DataType;

/**
 * A golden file, written by one of the original systems, or a damaged copy of one, with its entry in the manifest.
 *
 * @param entry its entry in the manifest
 */
public record Golden(JsonObject entry) {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    /** All entries of a folder, for example {@code dao} or {@code corrupt}. */
    public static Stream<Golden> of(String folder) {
        return of(folder, "manifest.json");
    }

    /** All FITS entries of a folder, {@code fits} or {@code corrupt}. */
    public static Stream<Golden> fits(String folder) {
        return of(folder, "fits-manifest.json");
    }

    /** All entries of a folder in a separate manifest, for example {@code pyshm/manifest.json}. */
    public static Stream<Golden> of(String folder, String manifest) {
        try (Reader reader = new InputStreamReader(open(manifest), StandardCharsets.UTF_8)) {
            List<Golden> found = new ArrayList<>();
            for (JsonElement file :
                    JsonParser.parseReader(reader).getAsJsonObject().getAsJsonArray("files")) {
                Golden golden = new Golden(file.getAsJsonObject());
                if (golden.text("file").startsWith(folder + "/")) {
                    found.add(golden);
                }
            }
            return found.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The entry of one file of a folder. */
    public static Golden named(String folder, String name) {
        return of(folder)
                .filter(golden -> golden.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static InputStream open(String resource) {
        InputStream stream = Golden.class.getResourceAsStream("/golden/" + resource);
        if (stream == null) {
            throw new IllegalArgumentException("no test resource golden/" + resource);
        }
        return stream;
    }

    /** The name without folder and suffix. */
    public String name() {
        return text("file").replaceFirst(".*/", "").replace(".im.shm", "");
    }

    /** The bytes of the file. */
    public byte[] bytes() {
        try (InputStream stream = open(text("file"))) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies the file to a path where a test may use it. */
    public Path copyTo(Path target) {
        try {
            return Files.write(target, bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a DAO file that claims a depth of millions, as a sparse file of many gigabytes. */
    public static Path sparseRing(Path target, int depth) {
        byte[] bytes = named("dao", "c_2d_uint8").bytes();
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(4296, depth)
                .putInt(4300, 1);
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            channel.write(ByteBuffer.wrap(bytes));
            channel.write(ByteBuffer.allocate(1), depth * (4304L + 12) - 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return target;
    }

    /** A string of the entry. */
    public String text(String key) {
        return entry.get(key).getAsString();
    }

    /** A number inside an object of the entry. */
    public long number(String object, String key) {
        return entry.getAsJsonObject(object).get(key).getAsLong();
    }

    /** A list of integers of the entry. */
    public List<Long> numbers(String key) {
        return entry.getAsJsonArray(key).asList().stream()
                .map(JsonElement::getAsLong)
                .toList();
    }

    /** Type of the elements. */
    public DataType type() {
        return DataType.parse(text("dtype"));
    }

    /** The entries about each slot. */
    public List<JsonObject> slots() {
        return objects("slots");
    }

    /** The entries about each keyword record, used or not; empty if there are none. */
    public List<JsonObject> keywords() {
        return entry.has("keywords") ? objects("keywords") : List.of();
    }

    private List<JsonObject> objects(String key) {
        return entry.getAsJsonArray(key).asList().stream()
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    /** The expected elements of a slot, as strings like those of {@link #elements}. */
    public List<String> expectedElements(JsonObject slot) {
        List<String> expected = new ArrayList<>();
        if (slot.has("values")) {
            slot.getAsJsonArray("values").forEach(value -> expected.add(expectedText(value)));
        } else {
            for (JsonElement run : entry.getAsJsonArray("runs")) {
                JsonArray parts = run.getAsJsonArray();
                for (int i = 0; i < parts.get(1).getAsInt(); i++) {
                    expected.add(expectedText(parts.get(2)));
                }
            }
        }
        return expected;
    }

    private String expectedText(JsonElement value) {
        if (value.isJsonArray()) {
            return expectedFloat(value.getAsJsonArray().get(0)) + " "
                    + expectedFloat(value.getAsJsonArray().get(1));
        }
        if (value.getAsJsonPrimitive().isBoolean()) {
            return value.getAsBoolean() ? "1" : "0";
        }
        return type().isFloating()
                ? expectedFloat(value)
                : value.getAsBigInteger().toString();
    }

    private static String expectedFloat(JsonElement value) {
        return Double.toString(Double.parseDouble(value.getAsString()));
    }

    /** The elements of a frame as strings, exact for every type. */
    public static List<String> elements(DataType type, MemorySegment frame) {
        List<String> elements = new ArrayList<>();
        for (long at = 0; at < frame.byteSize(); at += type.itemBytes()) {
            elements.add(element(type, frame, at));
        }
        return elements;
    }

    private static String element(DataType type, MemorySegment frame, long at) {
        return switch (type) {
            case UINT8, BOOL -> Integer.toString(Byte.toUnsignedInt(frame.get(ValueLayout.JAVA_BYTE, at)));
            case INT8 -> Byte.toString(frame.get(ValueLayout.JAVA_BYTE, at));
            case UINT16 -> Integer.toString(Short.toUnsignedInt(frame.get(ValueLayout.JAVA_SHORT_UNALIGNED, at)));
            case INT16 -> Short.toString(frame.get(ValueLayout.JAVA_SHORT_UNALIGNED, at));
            case UINT32 -> Integer.toUnsignedString(frame.get(INT, at));
            case INT32 -> Integer.toString(frame.get(INT, at));
            case UINT64 -> Long.toUnsignedString(frame.get(LONG, at));
            case INT64 -> Long.toString(frame.get(LONG, at));
            case FLOAT16 -> Double.toString(Float.float16ToFloat(frame.get(ValueLayout.JAVA_SHORT_UNALIGNED, at)));
            case FLOAT32 -> float32(frame, at);
            case FLOAT64 -> float64(frame, at);
            case COMPLEX64 -> float32(frame, at) + " " + float32(frame, at + 4);
            case COMPLEX128 -> float64(frame, at) + " " + float64(frame, at + 8);
        };
    }

    private static String float32(MemorySegment frame, long at) {
        return Double.toString(frame.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at));
    }

    private static String float64(MemorySegment frame, long at) {
        return Double.toString(frame.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at));
    }

    @Override
    public String toString() {
        return name();
    }
}
