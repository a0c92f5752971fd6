package org.shmrt.cli.view;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.SecretFile;
import org.shmrt.cli.verb.StopSignal;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.text.FileNames;
import org.shmrt.web.ViewServer;
import org.shmrt.web.ViewSettings;
import org.shmrt.web.frame.Scope;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm view}. */
@Command(
        name = "view",
        description = {
            "Shows streams and loops in a browser, live and with exact pixels.",
            "It serves a page until Ctrl-C. It opens streams read-only, takes no semaphore, and listens on this machine"
                    + " only unless --bind, --token-file and --tls are given."
        })
public final class ViewCommand extends Verb {
    private static final String DEFAULT_PORT = "8470";
    private static final int MIN_TOKEN = 16;
    private static final Duration LAST_LINE = Duration.ofSeconds(2);

    @Parameters(
            paramLabel = "STREAM|DIR",
            arity = "0..*",
            description = "Streams to show, or one directory whose streams are shown. Default: the stream directory.")
    private List<String> streams = List.of();

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = DEFAULT_PORT,
            description = "Port to listen on, 0 for any free one. Default: " + DEFAULT_PORT + ".")
    private int port;

    @Option(
            names = "--bind",
            paramLabel = "ADDR",
            defaultValue = "127.0.0.1",
            description = "Address or host name to listen on. Any address other than 127.0.0.1 needs --token-file"
                    + " and --tls. Default: 127.0.0.1.")
    private String bind;

    @Option(
            names = "--token-file",
            paramLabel = "F",
            description = "File with a secret of at least 16 characters that viewers must give, as /?token=SECRET or as"
                    + " a Bearer header. Only its owner may be able to read it.")
    private Path tokenFile;

    @Option(
            names = "--tls",
            paramLabel = "KEYSTORE",
            description = "Encrypt with the key and certificate in this PKCS #12 file.")
    private Path keyStore;

    @Option(
            names = "--tls-password-file",
            paramLabel = "F",
            description = "File with the password of the key store. Only its owner may be able to read it.")
    private Path passwordFile;

    @Override
    public Integer call() {
        checkPort("--port", port, port);
        if ((keyStore == null) != (passwordFile == null)) {
            throw wrongUsage("--tls and --tls-password-file need each other");
        }
        Optional<String> token = Optional.ofNullable(tokenFile).map(ViewCommand::token);
        Optional<ViewSettings.Tls> tls = Optional.ofNullable(keyStore)
                .map(file ->
                        new ViewSettings.Tls(existing(file), SecretFile.read(passwordFile, "--tls-password-file")));
        requireJetty();
        ViewSettings settings = new ViewSettings(scope(), bind, port, token, tls, version());
        try (StopSignal signal = new StopSignal(LAST_LINE);
                ViewServer server = ViewServer.start(settings, new ServerReports())) {
            signal.runUntilReceived(() -> {
                print("shm view: listening on " + server.address() + " for "
                        + settings.scope().description() + ", read-only"
                        + (token.isPresent() ? "; open it once with ?token=" : "") + "; Ctrl-C ends it");
                StopSignal.sleepForever();
            });
        }
        return ExitStatus.DONE;
    }

    private Scope scope() {
        if (streams.isEmpty()) {
            return Scope.ofDirectory(StreamDirectory.get().toAbsolutePath().normalize());
        }
        if (streams.size() == 1 && Files.isDirectory(FileNames.parse(streams.get(0)))) {
            return Scope.ofDirectory(
                    FileNames.parse(streams.get(0)).toAbsolutePath().normalize());
        }
        for (String stream : streams) {
            if (Files.isDirectory(FileNames.parse(stream))) {
                throw wrongUsage("give one directory, or streams: " + stream + " is a directory");
            }
        }
        return Scope.ofStreams(expectedStreams(streams));
    }

    /** The libraries of the server are optional, so that programs that use ShmRT need not ship them. */
    private static void requireJetty() {
        try {
            String needed = "org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler";
            Class.forName(needed, false, ViewCommand.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new ShmException(
                    "cannot serve the page: the library Jetty is missing; add it to the class path (Maven: "
                            + "org.eclipse.jetty.websocket:jetty-websocket-jetty-server and org.webjars.npm:uplot)",
                    e);
        }
    }

    private static String version() {
        String version = ViewCommand.class.getPackage().getImplementationVersion();
        return version == null ? "not packaged" : version;
    }

    private static Path existing(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new NotFoundException(
                    "cannot read the key store " + FileNames.text(file) + ": there is no such file");
        }
        return file.toAbsolutePath();
    }

    private static String token(Path file) {
        String token = SecretFile.read(file, "--token-file");
        if (token.length() < MIN_TOKEN || !token.matches("[A-Za-z0-9._~-]+")) {
            throw new IllegalArgumentException("the token in " + FileNames.text(file) + " must have at least "
                    + MIN_TOKEN + " characters, of letters, digits and . _ ~ -; make one with: openssl rand -hex 24");
        }
        return token;
    }
}
