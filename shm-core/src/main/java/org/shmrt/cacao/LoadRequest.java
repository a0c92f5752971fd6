package org.shmrt.cacao;

import java.nio.file.Path;
import java.util.Objects;

/**
 * What shall be loaded into which stream. Immutable: each {@code with} method returns a changed copy.
 *
 * <p>Example: {@code LoadRequest.of("wfsref0").withPrefix("aol8_").forced()}.
 *
 * @param stream path or bare name of the stream
 * @param fits name of the FITS file, with brackets for an extension or a part, relative to the directory; null for the
 *     one that {@code conf/shmim_<stream>.name.txt} names
 * @param prefix what the stream's name begins with and the files about it do not; empty for none
 * @param directory where {@code conf/} and {@code loadedSM/} are
 * @param force whether to load even if nothing has changed
 * @param reset whether to remove the stream and the files about it first
 * @param format of a new stream, {@code dao} or {@code milk}; null for milk in a milk directory, else DAO
 */
public record LoadRequest(
        String stream, String fits, String prefix, Path directory, boolean force, boolean reset, String format) {
    /** Checks that what is needed is there. */
    public LoadRequest {
        Objects.requireNonNull(stream, "stream");
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(directory, "directory");
        if (fits != null && (fits.isBlank() || fits.chars().anyMatch(c -> c < ' '))) {
            throw new IllegalArgumentException("the name of a FITS file is not empty and has no control characters");
        }
        if (format != null && !format.equals("dao") && !format.equals("milk")) {
            throw new IllegalArgumentException("unknown stream format '" + format + "': choose dao or milk");
        }
    }

    /**
     * From the FITS file named in the conf file, into a stream of that name, if anything has changed.
     *
     * @param stream path or bare name
     * @return the request
     */
    public static LoadRequest of(String stream) {
        return new LoadRequest(stream, null, "", Path.of(""), false, false, null);
    }

    /**
     * From a certain FITS file, whose name is written to the conf file.
     *
     * @param newFits its name, or null for the one in the conf file
     * @return a changed copy
     */
    public LoadRequest withFits(String newFits) {
        return new LoadRequest(stream, newFits, prefix, directory, force, reset, format);
    }

    /**
     * With a prefix to the stream's name.
     *
     * @param newPrefix for example {@code aol8_}
     * @return a changed copy
     */
    public LoadRequest withPrefix(String newPrefix) {
        return new LoadRequest(stream, fits, newPrefix, directory, force, reset, format);
    }

    /**
     * In another directory than the current one.
     *
     * @param newDirectory where {@code conf/} and {@code loadedSM/} are
     * @return a changed copy
     */
    public LoadRequest withDirectory(Path newDirectory) {
        return new LoadRequest(stream, fits, prefix, newDirectory, force, reset, format);
    }

    /**
     * Even if nothing has changed.
     *
     * @return a changed copy
     */
    public LoadRequest forced() {
        return new LoadRequest(stream, fits, prefix, directory, true, reset, format);
    }

    /**
     * After removing the stream and the files about it.
     *
     * @return a changed copy
     */
    public LoadRequest withReset() {
        return new LoadRequest(stream, fits, prefix, directory, force, true, format);
    }

    /**
     * With a format for a new stream. One that exists keeps its format.
     *
     * @param newFormat {@code dao}, {@code milk}, or null for the directory's
     * @return a changed copy
     */
    public LoadRequest withFormat(String newFormat) {
        return new LoadRequest(stream, fits, prefix, directory, force, reset, newFormat);
    }
}
