package org.shmrt.fits;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.fits.header.Hdu;
import org.shmrt.fits.pixel.Slice;
import org.shmrt.text.FileNames;

/**
 * Address of an image or of a section of an image: {@code file.fits}, {@code file.fits[1]}, {@code file.fits[SCI]} or
 * {@code file.fits[SCI,2]} (EXTNAME and EXTVER), optionally followed by a section in numpy's axis order:
 * {@code file.fits[0][3,:,:]}. A section with a colon needs no HDU before it: {@code cube.fits[10:20]}. If a file with
 * the whole name exists, brackets and all, the address is that file.
 *
 * @param file the file
 * @param selector selects the image
 * @param slice section of the image; empty for the whole image
 */
record FitsAddress(Path file, Selector selector, Optional<Slice> slice) {
    private static final Pattern FORM =
            Pattern.compile("(.+?)(?:\\[([^\\[\\]]*)])?(?:\\[([^\\[\\]]*)])?", Pattern.DOTALL);
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final Pattern NAME = Pattern.compile("([^,]*[^0-9,: ][^,:]*)(?:,\\s*([0-9]{1,9}))?");

    /** Selects an HDU of a file. */
    sealed interface Selector {
        boolean matches(Hdu hdu);

        /** What is selected, for messages. */
        String description();
    }

    /** The first HDU with an image. */
    record FirstImage() implements Selector {
        @Override
        public boolean matches(Hdu hdu) {
            return hdu.holdsImage();
        }

        @Override
        public String description() {
            return "image";
        }
    }

    /** The HDU with an index, from 0. */
    record ByIndex(int index) implements Selector {
        @Override
        public boolean matches(Hdu hdu) {
            return hdu.index() == index;
        }

        @Override
        public String description() {
            return "HDU " + index;
        }
    }

    /** The HDU with a name, in any case, and optionally a version. */
    record ByName(String name, OptionalLong version) implements Selector {
        @Override
        public boolean matches(Hdu hdu) {
            return hdu.header()
                            .text("EXTNAME")
                            .filter(found -> found.strip().equalsIgnoreCase(name))
                            .isPresent()
                    && (version.isEmpty()
                            || hdu.header().integerOr("EXTVER", 1, Long.MIN_VALUE, Long.MAX_VALUE)
                                    == version.getAsLong());
        }

        @Override
        public String description() {
            return "extension " + name + (version.isEmpty() ? "" : " of version " + version.getAsLong());
        }
    }

    /**
     * Parses an address.
     *
     * @throws IllegalArgumentException if the text in brackets is not an extension or a section
     */
    static FitsAddress parse(Path path) {
        String text = FileNames.text(path);
        Matcher matcher = text.endsWith("]") ? FORM.matcher(text) : null;
        if (matcher == null || !matcher.matches() || matcher.group(2) == null || Files.exists(path)) {
            return new FitsAddress(path, new FirstImage(), Optional.empty());
        }
        Path file = FileNames.parse(matcher.group(1));
        String first = matcher.group(2).strip();
        Optional<Slice> slice = Optional.ofNullable(matcher.group(3)).map(Slice::parse);
        if (NUMBER.matcher(first).matches()) {
            return new FitsAddress(file, new ByIndex(Integer.parseInt(first)), slice);
        }
        if (first.indexOf(':') >= 0 && slice.isEmpty()) {
            return new FitsAddress(file, new FirstImage(), Optional.of(Slice.parse(first)));
        }
        Matcher named = NAME.matcher(first);
        if (!named.matches()) {
            throw new IllegalArgumentException(
                    "'[" + first + "]' in " + text + " is not an extension: write [1], [NAME] or "
                            + "[NAME,VERSION], and a section of the image after it, for example "
                            + FileNames.lastText(file)
                            + "[0][3,:,:]");
        }
        OptionalLong version =
                named.group(2) == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(named.group(2)));
        return new FitsAddress(file, new ByName(named.group(1).strip(), version), slice);
    }
}
