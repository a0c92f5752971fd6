package org.shmrt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.Scratch;

/** What {@code bin/shm} and {@code bin/loop-java} do before they start Java, in a checkout with a Java and a Maven that only report. */
@Timeout(600)
class LauncherScriptTest {
    private static final String JAVA = """
        #!/bin/sh
        case $1 in
            -XX:ArchiveClassesAtExit=*)
                : >"${1#*=}"
                [ "${END:-}" != archive ] || kill -s TERM $PPID
                exit
                ;;
        esac
        exec 3>"$REPORT"
        for fd in 0 1 2; do
            link=$(readlink /proc/$$/fd/$fd)
            echo "fd$fd $link" >&3
        done
        echo "LC_ALL ${LC_ALL:-}" >&3
        echo "java $0" >&3
        echo "arguments $*" >&3
        """;

    private static final String MAVEN = """
        #!/bin/sh
        echo built >>"$REPORT.mvn"
        echo 'Downloaded from central: https://repo/a.jar (1 kB at 1 kB/s)'
        echo '[INFO] --- compiler:3.15.0:compile (default-compile) @ shm-core ---'
        if [ "${END:-}" = build ]; then
            read -r pid name state launcher rest </proc/$PPID/stat # the parent of the pipeline
            kill -s TERM $launcher
        fi
        [ -z "${FAIL:-}" ] || { echo '[ERROR] it does not compile'; exit 1; }
        mkdir -p shm-core/target
        : >shm-core/target/shm-core.jar
        printf '\\033[0m\\033[0m' # as Maven ends its output, without a line feed
        """;

    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    private Path core;
    private Path report;

    @BeforeEach
    void makeCheckout() throws IOException {
        core = scratch.directory().resolve("checkout/shm-core");
        report = scratch.directory().resolve("report");
        Files.createDirectories(core.resolve("bin"));
        Files.createDirectories(core.resolve("src/main"));
        Files.createDirectories(core.resolve("target"));
        for (String file : List.of("shm", "loop-java", "launch.sh")) {
            Files.copy(Path.of("bin", file), core.resolve("bin").resolve(file));
        }
        Files.writeString(core.resolve("pom.xml"), "");
        Path jdk =
                Files.createDirectories(scratch.directory().resolve("jdk/bin")).getParent();
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        script(jdk.resolve("bin/java"), JAVA);
        script(Files.createDirectories(scratch.directory().resolve("maven")).resolve("mvn"), MAVEN);
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** A jar, older or newer than all sources. */
    private Path makeJar(Instant built) throws IOException {
        Path jar = Files.writeString(core.resolve("target/shm-core.jar"), "");
        Files.setLastModifiedTime(jar, FileTime.from(built));
        return jar;
    }

    private static Instant past() {
        return Instant.now().minusSeconds(3600);
    }

    private static Instant future() {
        return Instant.now().plusSeconds(3600);
    }

    /** Runs a command line of the shell in the directory of the checkout; {@code SHM} and {@code LOOP} stand for the launchers. */
    private CommandRun run(String shell, String line, Map<String, String> environment)
            throws IOException, InterruptedException {
        assumeTrue(ExternalCommand.succeeds(shell, "-c", ":"), "there is no " + shell);
        Path out = scratch.directory().resolve("out");
        Path err = scratch.directory().resolve("err");
        ProcessBuilder builder = new ProcessBuilder(
                        shell,
                        "-c",
                        line.replace("SHM", shell + " shm-core/bin/shm")
                                .replace("LOOP", shell + " shm-core/bin/loop-java"))
                .directory(core.getParent().toFile())
                .redirectInput(core.resolve("pom.xml").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeAll(List.of("LANG", "LC_ALL", "LC_CTYPE", "CDPATH"));
        builder.environment()
                .put("JAVA_HOME", scratch.directory().resolve("jdk").toString());
        builder.environment().put("PATH", scratch.directory().resolve("maven") + ":/usr/bin:/bin");
        builder.environment().put("REPORT", report.toString());
        builder.environment().putAll(environment);
        int status = builder.start().waitFor();
        return new CommandRun(status, Files.readString(out), Files.readString(err));
    }

    private CommandRun run(String shell, String line) throws IOException, InterruptedException {
        return run(shell, line, Map.of());
    }

    private String reported(String key) throws IOException {
        return Files.readAllLines(report, StandardCharsets.UTF_8).stream()
                .filter(line -> line.startsWith(key + " "))
                .map(line -> line.substring(key.length() + 1))
                .findFirst()
                .orElse("");
    }

    private void assertStarted(CommandRun run) throws IOException {
        assertEquals(0, run.status(), run::toString);
        assertTrue(
                reported("arguments").endsWith("-jar " + core.resolve("target/shm-core.jar") + " info x"),
                () -> run.toString());
    }

    private boolean hasBuilt() {
        return Files.exists(Path.of(report + ".mvn"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash"})
    void shouldStartWithCdpath(String shell) throws Exception {
        makeJar(future());
        Path elsewhere = Files.createDirectories(scratch.directory().resolve("other/shm-core/bin"));
        String cdpath = elsewhere.getParent().getParent() + ":" + core.getParent();

        CommandRun run = run(shell, "SHM info x", Map.of("CDPATH", cdpath));

        assertStarted(run);
        assertEquals("", run.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash"})
    void shouldOpenClosedDescriptors(String shell) throws Exception {
        makeJar(future());

        assertStarted(run(shell, "SHM info x <&-"));
        assertEquals("/dev/null", reported("fd0"));
        assertStarted(run(shell, "SHM info x >&-"));
        assertEquals("/dev/null", reported("fd1"));
        assertStarted(run(shell, "SHM info x <&- >&- 2>&-"));
        assertEquals("/dev/null", reported("fd0"));
        assertEquals("/dev/null", reported("fd1"));
        assertEquals("/dev/null", reported("fd2"));
        assertStarted(run(shell, "SHM info x"));
        assertEquals(core.resolve("pom.xml").toString(), reported("fd0"), "an open one remains");
        assertEquals(scratch.directory().resolve("out").toString(), reported("fd1"));
        assertEquals(scratch.directory().resolve("err").toString(), reported("fd2"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash"})
    void shouldSetALocaleOnlyIfThereIsNone(String shell) throws Exception {
        makeJar(future());

        run(shell, "SHM info x");
        assertEquals("C.UTF-8", reported("LC_ALL"));
        run(shell, "SHM info x", Map.of("LANG", "de_DE.UTF-8"));
        assertEquals("", reported("LC_ALL"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash"})
    void shouldSayThatItBuilds(String shell) throws Exception {
        CommandRun first = run(shell, "SHM info x");
        makeJar(past());
        CommandRun second = run(shell, "SHM info x");

        assertStarted(first);
        assertStarted(second);
        assertEquals(
                "shm: building ShmRT for the first time, this takes about a minute ...",
                first.err().strip());
        assertEquals(
                "shm: building ShmRT again, because its sources have changed; this takes about a minute ...",
                second.err().strip());
        assertEquals(List.of("built", "built"), Files.readAllLines(Path.of(report + ".mvn")));
    }

    /** An edit in place changes the time of no directory. */
    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash"})
    void shouldBuildAgainOnlyIfASourceHasChanged(String shell) throws Exception {
        Path packageDirectory = Files.createDirectories(core.resolve("src/main/java/a/b"));
        Path source = Files.writeString(packageDirectory.resolve("C.java"), "");
        for (Path old = source; !old.equals(core); old = old.getParent()) {
            Files.setLastModifiedTime(old, FileTime.from(past().minusSeconds(3600)));
        }
        Files.setLastModifiedTime(core.resolve("pom.xml"), FileTime.from(past().minusSeconds(3600)));
        makeJar(past());

        CommandRun unchanged = run(shell, "SHM info x");
        assertStarted(unchanged);
        assertEquals("", unchanged.err());
        assertTrue(!hasBuilt(), unchanged::toString);

        Files.setLastModifiedTime(source, FileTime.from(past().plusSeconds(60)));
        CommandRun changed = run(shell, "SHM info x");
        assertStarted(changed);
        assertTrue(hasBuilt(), changed::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash"})
    void shouldPreferJavaHomeThenTheJavaOnPathAndRefuseOldOnes(String shell) throws Exception {
        makeJar(future());
        Path home = Files.createDirectories(scratch.directory().resolve("home"));
        Path first = makeJdk(home.resolve(".jdks/a"), "25.0.1");
        Path second = makeJdk(home.resolve(".jdks/b"), "24.0.1");
        Path other = makeJdk(scratch.directory().resolve("other"), "23");
        Path old = makeJdk(scratch.directory().resolve("old"), "21.0.9");
        Path onPath = Files.createDirectories(scratch.directory().resolve("links"));
        Map<String, String> environment =
                Map.of("HOME", home.toString(), "JAVA_HOME", old.toString(), "PATH", onPath + "::/usr/bin:/bin");

        for (Path linked : List.of(second, other, first)) {
            Files.deleteIfExists(onPath.resolve("java"));
            Files.createSymbolicLink(onPath.resolve("java"), linked.resolve("bin/java"));
            assertStarted(run(shell, "SHM info x", environment));
            assertEquals(linked.resolve("bin/java").toString(), reported("java"));
        }
        Map<String, String> withHome = new HashMap<>(environment);
        withHome.put("JAVA_HOME", second.toString());
        assertStarted(run(shell, "SHM info x", withHome));
        assertEquals(second.resolve("bin/java").toString(), reported("java"));
        assertStarted(run(shell, "unset JAVA_HOME; SHM info x", environment));
        assertEquals(first.resolve("bin/java").toString(), reported("java"));
    }

    private static Path makeJdk(Path directory, String version) throws IOException {
        Files.createDirectories(directory.resolve("bin"));
        Files.writeString(
                directory.resolve("release"),
                "IMPLEMENTOR=\"a=b\"\nJAVA_VERSION=\"" + version + "\"\nMODULES=\"java.base\"\n");
        script(directory.resolve("bin/java"), JAVA);
        return directory;
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash"})
    void shouldShowTheErrorsOfABuildThatFails(String shell) throws Exception {
        CommandRun run = run(shell, "SHM info x", Map.of("FAIL", "1"));

        assertEquals(1, run.status(), run::toString);
        assertEquals("", run.out());
        assertEquals(
                List.of(
                        "shm: building ShmRT for the first time, this takes about a minute ...",
                        "[ERROR] it does not compile",
                        "shm: building ShmRT failed, see the errors above"),
                run.err().lines().toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash"})
    void shouldShowTheStepsOfABuildOnATerminal(String shell) throws Exception {
        assumeTrue(ExternalCommand.succeeds("script", "--version"), "there is no script (util-linux)");

        CommandRun run = run(shell, "script -qec 'SHM info x' /dev/null");

        assertStarted(run);
        assertTrue(run.out().contains("\r\033[K  downloading libraries (1 files so far)"), run::toString);
        assertTrue(run.out().contains("\r\033[K  compiling shm-core"), run::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash"})
    void shouldUseAJarThatItMayNotBuildAgain(String shell) throws Exception {
        Path jar = makeJar(past());
        try {
            Files.setAttribute(jar, "unix:uid", 65534);
        } catch (FileSystemException e) {
            // not root: then the directory can be made read-only
            Files.setPosixFilePermissions(jar.getParent(), PosixFilePermissions.fromString("r-xr-xr-x"));
        }
        try {
            CommandRun run = run(shell, "SHM info x");

            assertStarted(run);
            assertTrue(!hasBuilt(), "Maven was not started");
            assertEquals(1, run.err().lines().count(), run.err());
            assertTrue(run.err().contains("which is older than its sources"), run.err());
        } finally {
            Files.setPosixFilePermissions(jar.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash"})
    void shouldUseAnOldJarWithoutMaven(String shell) throws Exception {
        makeJar(past());
        Files.delete(scratch.directory().resolve("maven/mvn"));
        // a PATH that has all that the launcher starts, and no Maven
        Path tools = Files.createDirectories(scratch.directory().resolve("tools"));
        for (String tool : List.of(shell, "find", "readlink", "mv", "rm")) {
            Files.createSymbolicLink(tools.resolve(tool), Path.of("/usr/bin", tool));
        }

        CommandRun run = run(shell, "SHM info x", Map.of("PATH", tools.toString()));

        assertStarted(run);
        assertTrue(run.err().contains("because Maven is not installed"), run.err());
    }

    /** Ctrl-C also ends the Java and the Maven that the launcher waits for. */
    @ParameterizedTest
    @CsvSource({"dash, archive", "dash, build", "bash, archive", "bash, build"})
    void shouldLeaveNoFileBehindWhenASignalEndsIt(String shell, String moment) throws Exception {
        if (moment.equals("archive")) {
            makeJar(future());
        }
        Path temporary = Files.createDirectories(scratch.directory().resolve("temporary"));

        CommandRun run = run(shell, "SHM info x", Map.of("END", moment, "TMPDIR", temporary.toString()));

        assertEquals(143, run.status(), run::toString);
        assertEquals(List.of(), names(temporary));
        assertEquals(List.of("shm-core.jar"), names(core.resolve("target")));
        assertTrue(!Files.exists(report), "the verb was not started");
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** A shell gives a script that it finds in its directory a name without a slash. */
    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash"})
    void shouldFollowARelativeLinkAndALinkToItsDirectory(String shell) throws Exception {
        makeJar(future());
        for (String name : List.of("shm", "loop-java")) {
            Files.createSymbolicLink(core.getParent().resolve(name), Path.of("shm-core/bin", name));
        }

        assertStarted(run(shell, shell + " shm info x"));
        CommandRun loop = run(shell, shell + " loop-java Program");
        assertEquals(0, loop.status(), loop::toString);
        assertTrue(reported("arguments").endsWith(" Program"), loop::toString);

        Files.createSymbolicLink(core.getParent().resolve("bin"), Path.of("shm-core/bin"));
        assertStarted(run(shell, shell + " bin/shm info x"));
    }

    private void assertLoopStarted(String expected, CommandRun run) throws IOException {
        assertEquals(0, run.status(), run::toString);
        assertEquals("", run.err());
        String jar = core.resolve("target/shm-core.jar").toString();
        assertEquals(expected.replace("JAR", jar), reported("arguments"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash"})
    void shouldStartALoopWithTheFlagsThatItPrints(String shell) throws Exception {
        makeJar(future());
        CommandRun flags = run(shell, "LOOP --flags").succeeded();
        String printed = String.join(" ", flags.out().lines().toList());
        assertTrue(printed.startsWith("-XX:+UseZGC -Xms256m "), printed);

        assertLoopStarted(printed + " -cp JAR -Xint Program loop", run(shell, "LOOP -Xint Program loop"));
        assertLoopStarted(
                printed + " -cp JAR:a b.jar:c.jar Program",
                run(shell, "LOOP Program", Map.of("CLASSPATH", "a b.jar:c.jar")));
        assertLoopStarted(
                printed.replace("-XX:+UseZGC ", "") + " -cp JAR -XX:+UseShenandoahGC Program",
                run(shell, "LOOP -XX:+UseShenandoahGC Program"));
        assertLoopStarted(
                printed + " -cp JAR Program -XX:+UseShenandoahGC", run(shell, "LOOP Program -XX:+UseShenandoahGC"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash"})
    void shouldUseAnAotCacheThatExists(String shell) throws Exception {
        makeJar(future());
        String flags = String.join(" ", run(shell, "LOOP --flags").out().lines().toList());
        assertLoopStarted(
                flags + " -XX:AOTCacheOutput=x.aot -cp JAR Program", run(shell, "LOOP --train x.aot Program"));

        CommandRun without = run(shell, "LOOP --cache x.aot Program");
        assertEquals(0, without.status());
        assertTrue(without.err().contains("create it with --train"), without.err());
        assertEquals(flags + " -cp " + core.resolve("target/shm-core.jar") + " Program", reported("arguments"));

        Files.writeString(core.getParent().resolve("x.aot"), "");
        assertLoopStarted(flags + " -XX:AOTCache=x.aot -cp JAR Program", run(shell, "LOOP --cache x.aot Program"));

        Files.writeString(scratch.directory().resolve("jdk/release"), "JAVA_VERSION=\"24.0.1\"\n");
        CommandRun older = run(shell, "LOOP --cache x.aot Program");
        assertEquals(0, older.status());
        assertTrue(older.err().contains("need JDK 25"), older.err());
        assertEquals(flags + " -cp " + core.resolve("target/shm-core.jar") + " Program", reported("arguments"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash"})
    void shouldRefuseToStartNothing(String shell) throws Exception {
        for (String line : List.of("LOOP", "LOOP --train", "LOOP --cache x.aot", "LOOP --train '' Program")) {
            CommandRun run = run(shell, line);
            assertEquals(2, run.status(), line);
            assertEquals(1, run.err().lines().count(), run.err());
            assertTrue(run.err().contains("usage: loop-java"), run.err());
        }
        CommandRun help = run(shell, "LOOP --help").succeeded();
        assertTrue(help.out().startsWith("Starts a Java program that runs a control loop"), help.out());
        assertTrue(help.out().contains("--cache FILE") && !help.out().contains("set -u"), help.out());
    }

    /** java refuses two collectors. */
    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash"})
    void shouldFindACollectorWhereverItIsChosen(String shell) throws Exception {
        makeJar(future());
        String collector = "-XX:+UseShenandoahGC";
        Files.writeString(core.getParent().resolve("options"), "-Xint\n" + collector + "\n");
        String flags = String.join(" ", run(shell, "LOOP --flags").out().lines().toList());
        String others = flags.replace("-XX:+UseZGC ", "") + " -cp JAR ";

        for (String option : List.of(
                "-cp x.jar",
                "-classpath x.jar",
                "--class-path x.jar",
                "-p mods",
                "--module-path mods",
                "--add-modules a.b",
                "--add-opens a/b=c",
                "--enable-native-access a.b",
                "--source 25")) {
            String line = option + " " + collector + " Program";
            assertLoopStarted(others + line, run(shell, "LOOP " + line));
        }
        assertLoopStarted(others + "@options Program", run(shell, "LOOP @options Program"));
        assertLoopStarted(
                others + "Program", run(shell, "LOOP Program", Map.of("JDK_JAVA_OPTIONS", "-Xint " + collector)));
        assertLoopStarted(
                flags + " -cp JAR -cp x.jar Program " + collector, run(shell, "LOOP -cp x.jar Program " + collector));
        assertLoopStarted(flags + " -cp JAR -jar x.jar " + collector, run(shell, "LOOP -jar x.jar " + collector));
    }
}
