package org.shmrt.camera.program;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.shmrt.camera.SourceOptions;
import org.shmrt.memory.DataType;

/**
 * The pixels that a program is asked for.
 *
 * @param kind what a pixel is
 * @param type type of its elements; empty for the one that loses least
 */
record PixelChoice(Kind kind, Optional<DataType> type) {
    static final String SETTING = "pixels";

    /** Kinds of pixels. */
    enum Kind {
        /** Mono for grey input, RGB for colours. */
        AUTO,
        /** Grey; colours are converted. */
        MONO,
        /** Red, green, blue. */
        RGB,
        /** The luma plane of a video, unchanged. */
        LUMA
    }

    /** Reads the user's options. */
    static PixelChoice of(String source, SourceOptions options) {
        if (options.shape().isPresent() || options.strideBytes().isPresent()) {
            throw new IllegalArgumentException(source + " knows the size of its frames: leave out shape and stride, and"
                    + " scale or crop in the arguments");
        }
        String text = options.settings().getOrDefault(SETTING, "auto");
        if (options.type().isPresent()
                && options.type().get() != DataType.UINT8
                && options.type().get() != DataType.UINT16) {
            throw new IllegalArgumentException(source + " has uint8 or uint16 pixels, not "
                    + options.type().get());
        }
        for (Kind kind : Kind.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(text)) {
                return new PixelChoice(kind, options.type());
            }
        }
        throw new IllegalArgumentException(
                "the setting pixels=" + text + " of " + source + " is unknown: use auto, mono, rgb or luma");
    }

    boolean allows(DataType other) {
        return type.isEmpty() || type.get() == other;
    }

    /** The filter that ends ffmpeg's chain. */
    String ffmpegFilter() {
        return switch (kind) {
            case LUMA -> "extractplanes=y";
            default -> "format=" + String.join("|", ffmpegFormats());
        };
    }

    /** The one format to convert to where a list is not possible. */
    String ffmpegFormat() {
        return kind == Kind.AUTO
                ? new PixelChoice(Kind.RGB, type).ffmpegFormats().getFirst()
                : new PixelChoice(kind == Kind.LUMA ? Kind.MONO : kind, type)
                        .ffmpegFormats()
                        .getFirst();
    }

    /** ffmpeg chooses the one that loses least. */
    private List<String> ffmpegFormats() {
        List<String> formats = new ArrayList<>();
        if (kind != Kind.RGB) {
            if (allows(DataType.UINT8)) {
                formats.add("gray");
            }
            if (allows(DataType.UINT16)) {
                formats.addAll(List.of("gray16le", "gray10le", "gray12le", "gray14le"));
            }
        }
        if (kind != Kind.MONO) {
            if (allows(DataType.UINT8)) {
                formats.add("rgb24");
            }
            if (allows(DataType.UINT16)) {
                formats.add("rgb48le");
            }
        }
        return formats;
    }

    /** The formats that GStreamer may choose from. */
    String gstFormats() {
        List<String> formats = new ArrayList<>();
        if (kind == Kind.LUMA) {
            return "I420";
        }
        if (kind != Kind.MONO && allows(DataType.UINT8)) {
            formats.add("RGB");
        }
        if (kind != Kind.RGB) {
            if (allows(DataType.UINT8)) {
                formats.add("GRAY8");
            }
            if (allows(DataType.UINT16)) {
                formats.add("GRAY16_LE");
            }
        }
        if (formats.isEmpty()) {
            throw new IllegalArgumentException("gst: has colours with 8 bits only: leave out the type");
        }
        return "{" + String.join(",", formats) + "}";
    }
}
