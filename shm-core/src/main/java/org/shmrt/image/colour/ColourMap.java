package org.shmrt.image.colour;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Colour maps of 256 colours, from the lowest value to the highest. Apart from {@link #CYCLIC}, whose lightness falls and
 * rises again, equal steps of the value look like equal steps. Immutable; safe for any thread.
 */
public enum ColourMap {
    /** Black to white. */
    GREY("grey"),
    /** Dark violet over green to yellow; readable with every kind of colour vision. */
    VIRIDIS("viridis"),
    /** Black over purple and orange to pale yellow. */
    INFERNO("inferno"),
    /** Blue over white to red, for values around a centre. */
    BLUE_RED("blue-red"),
    /** White over blue, black and red to white: both ends have the same colour, for phases and angles. */
    CYCLIC("cyclic");

    /** Number of colours of a map. */
    public static final int COLOURS = 256;
    /** Colour of NaN and infinite values, {@code 0xRRGGBB}. No map has it. */
    public static final int NOT_FINITE_RGB = 0xff00ff;
    /** Colour of saturated values, {@code 0xRRGGBB}. No map has it. */
    public static final int SATURATED_RGB = 0x00ffff;

    private final String label;

    ColourMap(String label) {
        this.label = label;
    }

    /** Name on the command line and in addresses, for example {@code blue-red}. */
    public String label() {
        return label;
    }

    /** The map with a label, in any case. */
    public static Optional<ColourMap> named(String label) {
        return Arrays.stream(values())
                .filter(map -> map.label.equalsIgnoreCase(label))
                .findFirst();
    }

    /** The labels of all maps, for messages. */
    public static String labels() {
        return Arrays.stream(values()).map(ColourMap::label).collect(Collectors.joining(", "));
    }

    /** The colours: red, green and blue of each, 768 bytes. The caller owns the array. */
    public byte[] rgb() {
        return switch (this) {
            case GREY -> grey();
            case VIRIDIS -> ColourTables.viridis();
            case INFERNO -> ColourTables.inferno();
            case BLUE_RED -> BlueRed.rgb();
            case CYCLIC -> ColourTables.twilight();
        };
    }

    private static byte[] grey() {
        byte[] rgb = new byte[3 * COLOURS];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i / 3);
        }
        return rgb;
    }
}
