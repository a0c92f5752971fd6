package org.shmrt.camera.packet;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.posix.FileOpening;
import org.shmrt.text.FileNames;

/**
 * Where the fields of a detector's packets are. Positions are bytes from the start of the packet.
 *
 * @param headerBytes bytes before the pixels
 * @param trailerBytes bytes after the pixels
 * @param frame the frame number
 * @param packet the number of the packet in its frame
 * @param firstPacket the number of the first packet of a frame
 * @param total the number of packets of a frame, or no field
 * @param packets the number of packets of every frame, 0 if it is not fixed
 * @param offset the position of the pixels in the frame, or no field
 * @param offsetUnit bytes that one step of that field stands for
 * @param payloadBytes size of the pixels of every packet but the last, 0 if there is an offset
 * @param order byte order of the fields
 * @param pixelOrder byte order of the pixels
 */
record PacketDescription(
        int headerBytes,
        int trailerBytes,
        Field frame,
        Field packet,
        long firstPacket,
        Field total,
        int packets,
        Field offset,
        long offsetUnit,
        int payloadBytes,
        ByteOrder order,
        ByteOrder pixelOrder) {
    /** The settings that a description consists of. */
    static final List<String> KEYS = List.of(
            "header",
            "trailer",
            "frame",
            "packet",
            "first",
            "total",
            "packets",
            "offset",
            "unit",
            "payload",
            "order",
            "pixel-order");

    private static final int MAX_HEADER_BYTES = 1024;
    private static final int MAX_FILE_BYTES = 1 << 16;

    /**
     * An unsigned integer in the header.
     *
     * @param at position, bytes
     * @param bytes size, 1, 2, 4 or 8; 0 if there is no such field
     */
    record Field(int at, int bytes) {
        static final Field NONE = new Field(0, 0);

        boolean exists() {
            return bytes > 0;
        }
    }

    /** Reads a description from settings. */
    static PacketDescription of(Map<String, String> settings) {
        Reader from = new Reader(settings);
        int header = from.number("header", -1, MAX_HEADER_BYTES);
        PacketDescription description = new PacketDescription(
                header,
                from.number("trailer", 0, MAX_HEADER_BYTES),
                from.field("frame", header),
                from.field("packet", header),
                from.number("first", 0, Integer.MAX_VALUE),
                from.field("total", header),
                from.number("packets", 0, PacketFormat.MAX_PACKETS),
                from.field("offset", header),
                from.number("unit", 1, Integer.MAX_VALUE),
                from.number("payload", 0, 1 << 16),
                from.order("order", "big"),
                from.order("pixel-order", "little"));
        if (!description.frame.exists() || !description.packet.exists()) {
            throw new IllegalArgumentException(
                    "udp: needs to know where the frame number and the packet number are: set"
                            + " frame=AT:BYTES and packet=AT:BYTES, for example frame=0:4 and packet=4:2");
        }
        if (description.offset.exists() == (description.payloadBytes > 0)) {
            throw new IllegalArgumentException("udp: needs to know where the pixels of a packet belong: set either"
                    + " offset=AT:BYTES or payload=BYTES, the size of all packets but the last");
        }
        return description;
    }

    /** Adds the settings of a file, one {@code name = value} a line, to those of the user, which come first. */
    static Map<String, String> withFile(Map<String, String> settings, String name) {
        Path file = FileNames.parse(name);
        Map<String, String> all = new LinkedHashMap<>();
        if (!Files.exists(file)) {
            throw new NotFoundException("there is no description " + FileNames.text(file)
                    + ": give a file, or description=rtp for RTP raw video");
        }
        String description = new String(FileOpening.bytesOfRegular(file, MAX_FILE_BYTES), StandardCharsets.UTF_8);
        for (String line : description.lines().toList()) {
            String text = line.replaceFirst("#.*", "").strip();
            String[] sides = text.split("\\s*=\\s*", 2);
            if (!text.isEmpty() && (sides.length < 2 || !KEYS.contains(sides[0]))) {
                throw new IncompatibleException("the line '" + text + "' of " + FileNames.text(file)
                        + " is not NAME = VALUE with one of the names " + String.join(", ", KEYS));
            }
            if (!text.isEmpty()) {
                all.put(sides[0], sides[1]);
            }
        }
        all.putAll(settings);
        return all;
    }

    /** Reads values; errors name the setting. */
    private record Reader(Map<String, String> settings) {
        int number(String name, int missing, int limit) {
            String text = settings.get(name);
            if (text == null && missing >= 0) {
                return missing;
            }
            if (text == null || !text.matches("[0-9]{1,10}") || Long.parseLong(text) > limit) {
                throw new IllegalArgumentException(
                        "udp: needs " + name + "=NUMBER, 0 to " + limit + (text == null ? "" : ", not '" + text + "'"));
            }
            return Integer.parseInt(text);
        }

        Field field(String name, int headerBytes) {
            String text = settings.get(name);
            if (text == null) {
                return Field.NONE;
            }
            if (!text.matches("[0-9]{1,4}:[1248]")) {
                throw new IllegalArgumentException("udp: " + name + "=" + text
                        + " is not AT:BYTES, a position and a size of 1, 2, 4 or 8, for example 4:2");
            }
            String[] sides = text.split(":");
            Field field = new Field(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
            if (field.at + field.bytes > headerBytes) {
                throw new IllegalArgumentException(
                        "udp: " + name + "=" + text + " is outside of the header of " + headerBytes + " bytes");
            }
            return field;
        }

        ByteOrder order(String name, String missing) {
            return switch (settings.getOrDefault(name, missing)) {
                case "big" -> ByteOrder.BIG_ENDIAN;
                case "little" -> ByteOrder.LITTLE_ENDIAN;
                default ->
                    throw new IllegalArgumentException(
                            "udp: " + name + "=" + settings.get(name) + " is unknown: use big or little");
            };
        }
    }
}
