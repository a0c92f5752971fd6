package org.shmrt.camera.aravis;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.shmrt.camera.SourceOptions;

/**
 * What the user sets. Names in lower case belong to ShmRT; all others are features of the camera. Immutable.
 *
 * @param buffers number of buffers that the library gets
 * @param packetSize bytes of a packet of a GigE camera
 * @param packetSocket whether the library may use a packet socket, which needs CAP_NET_RAW and does not work on loopback
 * @param rateHz frames per second
 * @param features features with their values, as {@code Name=value}, in the order of their names
 */
record AravisSettings(
        int buffers, OptionalInt packetSize, PacketSocket packetSocket, OptionalDouble rateHz, List<String> features) {
    static final int DEFAULT_BUFFERS = 8;
    private static final int MAX_BUFFERS = 1000;

    enum PacketSocket {
        OFF,
        ON
    }

    AravisSettings {
        features = List.copyOf(features);
    }

    static AravisSettings of(String source, SourceOptions options) {
        int buffers = DEFAULT_BUFFERS;
        OptionalInt packetSize = OptionalInt.empty();
        PacketSocket packetSocket = PacketSocket.OFF;
        List<String> features = new ArrayList<>();
        // Sorted, because the options have no order: the size of the region before the format, and so on.
        for (var setting : new TreeMap<>(options.settings()).entrySet()) {
            String name = setting.getKey();
            String value = setting.getValue();
            switch (name) {
                case "buffers" -> buffers = number(source, name, value, 1, MAX_BUFFERS);
                case "packet-size" -> packetSize = OptionalInt.of(number(source, name, value, 576, 65536));
                case "packet-socket" ->
                    packetSocket = switch (value) {
                        case "on" -> PacketSocket.ON;
                        case "off" -> PacketSocket.OFF;
                        default ->
                            throw new IllegalArgumentException(
                                    source + ": packet-socket=" + value + ": it is on or off");
                    };
                default -> features.add(name + "=" + quoted(source, name, value));
            }
        }
        return new AravisSettings(buffers, packetSize, packetSocket, options.rateHz(), features);
    }

    private static int number(String source, String name, String value, int min, int max) {
        try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw new IllegalArgumentException(
                source + ": " + name + "=" + value + ": it is a number from " + min + " to " + max);
    }

    /** The library splits its text at blanks that are not in quotes. */
    private static String quoted(String source, String name, String value) {
        if (!name.matches("[A-Za-z][A-Za-z0-9_]*")) {
            throw new IllegalArgumentException(source + " has no setting '" + name
                    + "': use buffers, packet-size, packet-socket, or the name of a feature of the camera, for example"
                    + " ExposureTime (arv-tool-0.8 features lists them)");
        }
        if (value.indexOf('"') >= 0 || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(source + ": the value of " + name + " must not contain quotes");
        }
        return value.matches("[A-Za-z0-9_.+-]+") ? value : '"' + value + '"';
    }
}
