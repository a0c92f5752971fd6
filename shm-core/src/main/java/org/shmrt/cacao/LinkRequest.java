package org.shmrt.cacao;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A request to make the name of a stream a link to another stream. Immutable; safe for any thread.
 *
 * <p>Example: {@code LinkRequest.builder("wfsref").source("wfsref0").prefix("aol8_").build()}.
 */
public final class LinkRequest {
    /** What happens to a stream that has the name of the link. */
    public enum ExistingStream {
        /** The request is refused. */
        REFUSE,
        /** The stream is removed. */
        REMOVE
    }

    /** When the files under {@code conf/} are written. */
    public enum ConfFiles {
        /** Always: the directory {@code conf/} is created if it does not exist. */
        ALWAYS,
        /** Only if the directory {@code conf/} exists. */
        IF_DIRECTORY_EXISTS
    }

    private final StreamTarget target;
    private final Optional<String> source;
    private final Path directory;
    private final ExistingStream existingStream;
    private final ConfFiles confFiles;

    private LinkRequest(Builder builder) {
        target = builder.target();
        source = builder.source;
        directory = builder.directory();
        existingStream = builder.existingStream;
        confFiles = builder.confFiles;
    }

    /**
     * Starts a request. Without further settings, the link is made in the current directory to the stream that
     * {@code conf/streamlink_<link>.name.txt} names, unless a stream has the name of the link.
     *
     * @param link path or bare name of the link
     * @return a new builder
     */
    public static Builder builder(String link) {
        return new Builder(link);
    }

    StreamTarget target() {
        return target;
    }

    /** Empty for the stream that the conf file names. */
    Optional<String> source() {
        return source;
    }

    Path directory() {
        return directory;
    }

    ExistingStream existingStream() {
        return existingStream;
    }

    ConfFiles confFiles() {
        return confFiles;
    }

    /** Collects the settings of a request. Not thread-safe. */
    public static final class Builder extends RequestBuilder<Builder> {
        private Optional<String> source = Optional.empty();
        private ExistingStream existingStream = ExistingStream.REFUSE;
        private ConfFiles confFiles = ConfFiles.ALWAYS;

        private Builder(String link) {
            super(link);
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Sets the stream that the link leads to. Its name is written to the conf file.
         *
         * @param newSource path, or bare name of a stream in the directory of the link; the stream need not exist yet
         * @return this builder
         */
        public Builder source(String newSource) {
            source = Optional.of(newSource);
            return this;
        }

        /**
         * Sets what happens to a stream that has the name of the link.
         *
         * @param policy refuse the request, or remove the stream
         * @return this builder
         */
        public Builder existingStream(ExistingStream policy) {
            existingStream = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Sets when the files under {@code conf/} are written. The default is {@link ConfFiles#ALWAYS}.
         *
         * @param policy always, or only if the directory exists
         * @return this builder
         */
        public Builder confFiles(ConfFiles policy) {
            confFiles = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Creates the request.
         *
         * @return the request
         * @throws IllegalArgumentException if name or prefix cannot be part of a file name
         */
        public LinkRequest build() {
            return new LinkRequest(this);
        }
    }
}
