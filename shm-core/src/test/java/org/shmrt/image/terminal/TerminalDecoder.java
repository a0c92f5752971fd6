package org.shmrt.image.terminal;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** A terminal for tests: decodes the pictures that were sent to it. */
public final class TerminalDecoder {
    private static final Pattern KITTY = Pattern.compile("\033_G([^;]*);([^\033]*)\033\\\\");
    private static final Pattern SIXEL = Pattern.compile("\033P[0-9;]*q([^\033]*)\033\\\\");
    private static final Pattern COLOUR = Pattern.compile("#([0-9]+)(?:;2;([0-9]+);([0-9]+);([0-9]+))?");

    private TerminalDecoder() {}

    /**
     * A picture in kitty's protocol.
     *
     * @param keys keys of the first chunk
     * @param pixels the picture
     */
    public record KittyPicture(Map<String, String> keys, Pixels pixels) {}

    /** Decodes all pictures in kitty's protocol. */
    public static List<KittyPicture> kitty(String text) {
        List<KittyPicture> pictures = new ArrayList<>();
        Map<String, String> keys = null;
        StringBuilder data = new StringBuilder();
        Matcher chunks = KITTY.matcher(text);
        while (chunks.find()) {
            Map<String, String> chunk = keys(chunks.group(1));
            keys = keys == null ? chunk : keys;
            if (chunks.group(2).length() > 4096) {
                throw new AssertionError("a chunk has " + chunks.group(2).length() + " characters");
            }
            data.append(chunks.group(2));
            if (chunk.get("m").equals("0")) {
                pictures.add(new KittyPicture(keys, kittyPixels(keys, data.toString())));
                keys = null;
                data.setLength(0);
            }
        }
        return pictures;
    }

    private static Map<String, String> keys(String text) {
        Map<String, String> keys = new HashMap<>();
        for (String pair : text.split(",")) {
            keys.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        return keys;
    }

    private static Pixels kittyPixels(Map<String, String> keys, String data) {
        int width = Integer.parseInt(keys.get("s"));
        int height = Integer.parseInt(keys.get("v"));
        byte[] rgb = inflated(Base64.getDecoder().decode(data));
        if (!keys.get("f").equals("24") || !keys.get("o").equals("z") || rgb.length != 3 * width * height) {
            throw new AssertionError(keys + " with " + rgb.length + " bytes");
        }
        int[] pixels = new int[width * height];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (rgb[3 * i] & 0xff) << 16 | (rgb[3 * i + 1] & 0xff) << 8 | (rgb[3 * i + 2] & 0xff);
        }
        return new Pixels(width, height, pixels);
    }

    private static byte[] inflated(byte[] compressed) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(compressed);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            while (!inflater.finished()) {
                int count = inflater.inflate(buffer);
                if (count == 0) {
                    throw new AssertionError("compressed data end early");
                }
                bytes.write(buffer, 0, count);
            }
            return bytes.toByteArray();
        } catch (DataFormatException e) {
            throw new AssertionError(e);
        } finally {
            inflater.end();
        }
    }

    /** Decodes all sixel pictures; pixels that are not drawn are -1. */
    public static List<Pixels> sixels(String text) {
        List<Pixels> pictures = new ArrayList<>();
        Matcher found = SIXEL.matcher(text);
        while (found.find()) {
            pictures.add(sixel(found.group(1)));
        }
        return pictures;
    }

    private static Pixels sixel(String text) {
        Matcher raster = Pattern.compile("\"1;1;([0-9]+);([0-9]+)").matcher(text);
        if (!raster.lookingAt()) {
            throw new AssertionError("no raster attributes: " + text.substring(0, Math.min(20, text.length())));
        }
        int width = Integer.parseInt(raster.group(1));
        int height = Integer.parseInt(raster.group(2));
        int[] pixels = new int[width * height];
        Arrays.fill(pixels, -1);
        Map<Integer, Integer> palette = new HashMap<>();
        int colour = 0;
        int x = 0;
        int top = 0;
        int repeat = 1;
        for (int at = raster.end(); at < text.length(); ) {
            char c = text.charAt(at++);
            switch (c) {
                case '#' -> {
                    Matcher number = COLOUR.matcher(text).region(at - 1, text.length());
                    if (!number.lookingAt()) {
                        throw new AssertionError("colour at " + at);
                    }
                    colour = Integer.parseInt(number.group(1));
                    if (number.group(2) != null) {
                        palette.put(
                                colour,
                                percent(number.group(2)) << 16
                                        | percent(number.group(3)) << 8
                                        | percent(number.group(4)));
                    }
                    at = number.end();
                }
                case '!' -> {
                    int end = at;
                    while (Character.isDigit(text.charAt(end))) {
                        end++;
                    }
                    repeat = Integer.parseInt(text.substring(at, end));
                    at = end;
                }
                case '$' -> x = 0;
                case '-' -> {
                    x = 0;
                    top += 6;
                }
                default -> {
                    for (int i = 0; i < repeat; i++, x++) {
                        for (int bit = 0; bit < 6; bit++) {
                            if (((c - '?') >> bit & 1) != 0) {
                                pixels[(top + bit) * width + x] = palette.get(colour);
                            }
                        }
                    }
                    repeat = 1;
                }
            }
        }
        if (palette.size() > 256) {
            throw new AssertionError(palette.size() + " colours");
        }
        return new Pixels(width, height, pixels);
    }

    private static int percent(String text) {
        int percent = Integer.parseInt(text);
        if (percent > 100) {
            throw new AssertionError(text);
        }
        return (percent * 255 + 50) / 100;
    }

    /** Decodes lines of half blocks in 24-bit colours; a missing lower half is -1. */
    public static Pixels halfBlocks(List<String> lines) {
        List<int[]> rows = new ArrayList<>();
        for (String line : lines) {
            List<Integer> upper = new ArrayList<>();
            List<Integer> lower = new ArrayList<>();
            int foreground = -1;
            int background = -1;
            Matcher parts = Pattern.compile("\033\\[([0-9;]*)m|(.)").matcher(line);
            while (parts.find()) {
                if (parts.group(2) != null) {
                    if (!parts.group(2).equals("\u2580")) {
                        throw new AssertionError("character " + parts.group(2));
                    }
                    upper.add(foreground);
                    lower.add(background);
                } else if (parts.group(1).startsWith("38;2;")) {
                    foreground = rgb(parts.group(1));
                } else if (parts.group(1).startsWith("48;2;")) {
                    background = rgb(parts.group(1));
                } else {
                    foreground = -1;
                    background = -1;
                }
            }
            if (!line.endsWith("\033[0m")) {
                throw new AssertionError("colours stay after the line");
            }
            rows.add(upper.stream().mapToInt(Integer::intValue).toArray());
            rows.add(lower.stream().mapToInt(Integer::intValue).toArray());
        }
        int width = rows.getFirst().length;
        return new Pixels(
                width, rows.size(), rows.stream().flatMapToInt(Arrays::stream).toArray());
    }

    private static int rgb(String parameters) {
        String[] words = parameters.split(";");
        return Integer.parseInt(words[2]) << 16 | Integer.parseInt(words[3]) << 8 | Integer.parseInt(words[4]);
    }
}
