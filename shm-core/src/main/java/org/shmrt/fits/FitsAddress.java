package org.shmrt.fits;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.fits.header.Hdu;
import org.shmrt.fits.pixel.Slice;

/**
 * Which image of which file: {@code file.fits}, {@code file.fits[1]}, {@code file.fits[SCI]},
 * {@code file.fits[SCI,2]} (EXTNAME and EXTVER), and behind that which part of it, in numpy's axis order:
 * {@code file.fits[0][3,:,:]}. A part with a colon in it needs no number before it: {@code cube.fits[10:20]}.
 * A file whose name really ends in brackets is that file.
 */
final class FitsAddress {
    private static final Pattern FORM =
            Pattern.compile("(.+?)(?:\\[([^\\[\\]]*)])?(?:\\[([^\\[\\]]*)])?", Pattern.DOTALL);
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final Pattern NAME = Pattern.compile("([^,]*[^0-9,: ][^,:]*)(?:,\\s*([0-9]{1,9}))?");

    private final Path file;
    private final int index;
    private final String name;
    private final long version;
    private final Slice slice;

    private FitsAddress(Path file, int index, String name, long version, Slice slice) {
        this.file = file;
        this.index = index;
        this.name = name;
        this.version = version;
        this.slice = slice;
    }

    /**
     * Takes an address apart.
     *
     * @throws IllegalArgumentException if what stands in brackets means nothing
     */
    static FitsAddress parse(Path path) {
        String text = path.toString();
        Matcher matcher = FORM.matcher(text);
        if (!text.endsWith("]") || !matcher.matches() || matcher.group(2) == null || Files.exists(path)) {
            return new FitsAddress(path, -1, null, -1, null);
        }
        Path file = Path.of(matcher.group(1));
        String first = matcher.group(2).strip();
        Slice slice = matcher.group(3) == null ? null : Slice.parse(matcher.group(3));
        if (NUMBER.matcher(first).matches()) {
            return new FitsAddress(file, Integer.parseInt(first), null, -1, slice);
        }
        if (first.indexOf(':') >= 0 && slice == null) {
            return new FitsAddress(file, -1, null, -1, Slice.parse(first));
        }
        Matcher named = NAME.matcher(first);
        if (!named.matches()) {
            throw new IllegalArgumentException(
                    "'[" + first + "]' in " + text + " is no extension: write [1], [NAME] or "
                            + "[NAME,VERSION], and a part of the image behind it, for example " + file.getFileName()
                            + "[0][3,:,:]");
        }
        return new FitsAddress(
                file, -1, named.group(1).strip(), named.group(2) == null ? -1 : Long.parseLong(named.group(2)), slice);
    }

    /** The name without what stands in brackets behind it. */
    static String fileName(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : name.toString().replaceFirst("(?:\\[[^\\[\\]]*]){1,2}$", "");
    }

    Path file() {
        return file;
    }

    /** The part of the image, or null for all. */
    Slice slice() {
        return slice;
    }

    /** Whether this is the one asked for; the first with an image, if none is. */
    boolean isMeant(Hdu hdu) {
        if (index >= 0) {
            return hdu.index() == index;
        }
        if (name != null) {
            String found = hdu.header().text("EXTNAME");
            return found != null
                    && found.strip().equalsIgnoreCase(name)
                    && (version < 0 || hdu.header().integerOr("EXTVER", 1, Long.MIN_VALUE, Long.MAX_VALUE) == version);
        }
        return hdu.holdsImage();
    }

    /** What was asked for, in words. */
    String wanted() {
        return index >= 0
                ? "HDU " + index
                : name == null ? "image" : "extension " + name + (version < 0 ? "" : " of version " + version);
    }
}
