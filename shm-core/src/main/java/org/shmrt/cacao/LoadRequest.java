package org.shmrt.cacao;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.shmrt.fits.FitsInput;
import org.shmrt.stream.format.StreamFormat;

/**
 * A request to load a FITS image into a stream. Immutable; safe for any thread.
 *
 * <p>Example: {@code LoadRequest.builder("wfsref0").prefix("aol8_").mode(LoadRequest.Mode.ALWAYS).build()}.
 */
public final class LoadRequest {
    /** When the image is loaded. */
    public enum Mode {
        /** If the FITS file or the stream has changed since the last load. */
        IF_CHANGED,
        /** Even if nothing has changed. */
        ALWAYS,
        /** After the stream and the files about it have been removed. */
        RESET
    }

    /** Order of the last two axes of an image. */
    public enum Axes {
        /** As in the FITS file. */
        AS_IN_FILE,
        /** Exchanged, for files of programs that transpose images, such as pyMilk. */
        TRANSPOSED
    }

    private final StreamTarget target;
    private final Optional<String> fits;
    private final Path directory;
    private final Mode mode;
    private final Axes axes;
    private final Optional<String> format;
    private final Optional<String> layout;
    private final long maxExpandedBytes;

    private LoadRequest(Builder builder) {
        target = builder.target();
        fits = builder.fits;
        directory = builder.directory();
        mode = builder.mode;
        axes = builder.axes;
        format = builder.format;
        layout = builder.layout;
        maxExpandedBytes = builder.maxExpandedBytes;
    }

    /**
     * Starts a request. Without further settings, the image is loaded in the current directory from the FITS file that
     * {@code conf/shmim_<stream>.name.txt} names, if anything has changed.
     *
     * @param stream path or bare name of the stream
     * @return a new builder
     */
    public static Builder builder(String stream) {
        return new Builder(stream);
    }

    StreamTarget target() {
        return target;
    }

    /** Empty for the FITS file that the conf file names. */
    Optional<String> fits() {
        return fits;
    }

    Path directory() {
        return directory;
    }

    Mode mode() {
        return mode;
    }

    Axes axes() {
        return axes;
    }

    /** Format of a new stream; empty for the default of its directory. */
    Optional<String> format() {
        return format;
    }

    /** Layout of a new stream; empty for the default of its format. */
    Optional<String> layout() {
        return layout;
    }

    long maxExpandedBytes() {
        return maxExpandedBytes;
    }

    /** Collects the settings of a request. Not thread-safe. */
    public static final class Builder extends RequestBuilder<Builder> {
        private Optional<String> fits = Optional.empty();
        private Mode mode = Mode.IF_CHANGED;
        private Axes axes = Axes.AS_IN_FILE;
        private Optional<String> format = Optional.empty();
        private Optional<String> layout = Optional.empty();
        private long maxExpandedBytes = FitsInput.DEFAULT_MAX_EXPANDED_BYTES;

        private Builder(String stream) {
            super(stream);
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Sets the FITS file. Its name is written to the conf file.
         *
         * @param newFits name of the file relative to the directory, optionally with brackets for an extension or a
         *     section, as in {@link FitsInput#open}
         * @return this builder
         * @throws IllegalArgumentException if the name is blank or contains control characters
         */
        public Builder fits(String newFits) {
            if (newFits.isBlank() || newFits.chars().anyMatch(c -> c < ' ')) {
                throw new IllegalArgumentException(
                        "the name of a FITS file must not be blank or contain control characters");
            }
            fits = Optional.of(newFits);
            return this;
        }

        /**
         * Sets when the image is loaded.
         *
         * @param newMode the mode
         * @return this builder
         */
        public Builder mode(Mode newMode) {
            mode = Objects.requireNonNull(newMode, "mode");
            return this;
        }

        /**
         * Sets the order of the last two axes. The cards of the header that number them, such as CRPIX1, follow.
         *
         * @param newAxes the order
         * @return this builder
         */
        public Builder axes(Axes newAxes) {
            axes = Objects.requireNonNull(newAxes, "axes");
            return this;
        }

        /**
         * Sets the format of a new stream. The default is milk in a directory of milk, otherwise DAO. A stream that
         * exists keeps its format.
         *
         * @param newFormat name of the format, for example {@code dao}
         * @return this builder
         * @throws IllegalArgumentException if there is no such format
         */
        public Builder format(String newFormat) {
            List<String> formats = StreamFormat.names();
            if (!formats.contains(newFormat)) {
                throw new IllegalArgumentException(
                        "unknown stream format '" + newFormat + "': use one of " + String.join(", ", formats));
            }
            format = Optional.of(newFormat);
            return this;
        }

        /**
         * Sets the layout of a new stream within its format. A stream that exists keeps its layout.
         *
         * @param newLayout its name, for example {@code v2}; the load fails if the format has no such layout
         * @return this builder
         */
        public Builder layout(String newLayout) {
            layout = Optional.of(newLayout);
            return this;
        }

        /**
         * Sets what a compressed image may expand to.
         *
         * @param bytes the limit, as in {@link FitsInput#maxExpandedBytes}
         * @return this builder
         */
        public Builder maxExpandedBytes(long bytes) {
            maxExpandedBytes = bytes;
            return this;
        }

        /**
         * Creates the request.
         *
         * @return the request
         * @throws IllegalArgumentException if name or prefix cannot be part of a file name
         */
        public LoadRequest build() {
            return new LoadRequest(this);
        }
    }
}
