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

    private final String link;
    private final Optional<String> source;
    private final String prefix;
    private final Path directory;
    private final ExistingStream existingStream;

    private LinkRequest(Builder builder) {
        link = builder.link;
        source = builder.source;
        prefix = builder.prefix;
        directory = builder.directory;
        existingStream = builder.existingStream;
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

    String link() {
        return link;
    }

    /** Empty for the stream that the conf file names. */
    Optional<String> source() {
        return source;
    }

    String prefix() {
        return prefix;
    }

    Path directory() {
        return directory;
    }

    ExistingStream existingStream() {
        return existingStream;
    }

    /** Collects the settings of a request. Not thread-safe. */
    public static final class Builder {
        private final String link;
        private Optional<String> source = Optional.empty();
        private String prefix = "";
        private Path directory = Path.of("");
        private ExistingStream existingStream = ExistingStream.REFUSE;

        private Builder(String link) {
            this.link = Objects.requireNonNull(link, "link");
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
         * Sets a prefix of the name of the link. The files about the link do not have the prefix.
         *
         * @param newPrefix for example {@code aol8_}
         * @return this builder
         */
        public Builder prefix(String newPrefix) {
            prefix = Objects.requireNonNull(newPrefix, "prefix");
            return this;
        }

        /**
         * Sets the directory that contains {@code conf/}.
         *
         * @param newDirectory the directory
         * @return this builder
         */
        public Builder directory(Path newDirectory) {
            directory = Objects.requireNonNull(newDirectory, "directory");
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
         * Creates the request.
         *
         * @return the request
         */
        public LinkRequest build() {
            return new LinkRequest(this);
        }
    }
}
