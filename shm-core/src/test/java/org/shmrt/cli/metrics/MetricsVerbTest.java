package org.shmrt.cli.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.ShmCommand;
import org.shmrt.process.ChildProcess;
import org.shmrt.telemetry.HopMeter;
import org.shmrt.telemetry.LoopCounter;
import org.shmrt.telemetry.LoopMeasure;
import org.shmrt.telemetry.LoopState;
import org.shmrt.telemetry.MeterTelemetry;
import org.shmrt.telemetry.TelemetryWriter;
import org.shmrt.testing.ExternalCommand;

/** {@code shm metrics}. */
@Timeout(600)
class MetricsVerbTest {
    private static final String PYTHON =
            Objects.requireNonNullElse(System.getenv("SHMRT_PROMETHEUS_PYTHON"), "python3");
    private static final String NAME = "v" + ProcessHandle.current().pid();
    private static final String HOP = "{meter=\"" + NAME + "\",role=\"hop\",source=\"wfs\",stream=\"dm\"";
    private static final long START_NS = 1_800_000_000_000_000_000L;

    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    /** A killed measurement leaves it. */
    @AfterEach
    void removePage() {
        MeterTelemetry.remove(NAME);
    }

    private static HopMeter hop() {
        HopMeter meter = HopMeter.create(NAME, Path.of("/tmp/wfs.im.shm"), Path.of("/milk/shm/dm.im.shm"));
        for (int i = 1; i <= 1000; i++) {
            meter.record(START_NS + i * 1_000_000L, START_NS + i * 1_001_000L, i);
        }
        meter.recordLost(4, 1000);
        return meter;
    }

    private static TelemetryWriter loop() {
        TelemetryWriter loop = TelemetryWriter.create(NAME);
        loop.state(LoopState.RUNNING, "");
        loop.add(LoopMeasure.COMPUTE, 250_000);
        loop.count(LoopCounter.MISSED, 2);
        return loop;
    }

    private static void assertLine(List<String> lines, String line) {
        assertTrue(lines.contains(line), () -> line + " is not in\n" + String.join("\n", lines));
    }

    @Test
    void shouldPrintCountersPercentilesAndBuckets() {
        HopMeter meter = hop();
        TelemetryWriter loop = loop();
        try (meter;
                loop) {
            CommandRun run = shm.run("metrics").succeeded();
            List<String> lines = run.out().lines().toList();

            assertEquals("# EOF", lines.getLast());
            assertLine(lines, "shmrt_frames_total" + HOP + "} 1000.0");
            assertLine(lines, "shmrt_frames_lost_total" + HOP + "} 4.0");
            assertLine(lines, "shmrt_frame_age_seconds_count" + HOP + "} 1000");
            assertLine(lines, "shmrt_frame_age_max_seconds" + HOP + "} 0.001");
            assertLine(lines, "shmrt_frame_age_buckets_seconds_bucket" + HOP + ",le=\"2.0E-4\"} 200");
            assertLine(lines, "shmrt_frame_age_buckets_seconds_bucket" + HOP + ",le=\"+Inf\"} 1000");
            for (String quantile : new String[] {"0.5", "0.9", "0.99", "0.999", "0.9999"}) {
                double value = lines.stream()
                        .filter(line ->
                                line.startsWith("shmrt_frame_age_seconds" + HOP + ",quantile=\"" + quantile + "\"}"))
                        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                        .findFirst()
                        .orElseThrow();
                double exact = Double.parseDouble(quantile) / 1000;
                assertEquals(exact, value, exact * 0.016 + 1e-6);
            }
            assertLine(lines, "shmrt_loop_missed_total{loop=\"" + NAME + "\"} 2.0");
            assertLine(lines, "shmrt_loop_running{loop=\"" + NAME + "\"} 1.0");
            assertLine(lines, "shmrt_loop_compute_max_seconds{loop=\"" + NAME + "\"} 2.5E-4");
        }
    }

    /** Any user may make a page. */
    @Test
    void shouldPrintAMeterWhoseStreamHasNoName() {
        try (HopMeter meter = HopMeter.create(NAME, Path.of("/"), Path.of("/milk/shm/dm.im.shm"))) {
            meter.recordLost(1, 1);
            List<String> lines = shm.run("metrics").succeeded().out().lines().toList();

            assertLine(lines, "shmrt_frames_lost_total" + HOP.replace("\"wfs\"", "\"\"") + "} 1.0");
        }
    }

    @Test
    void shouldPrintWhatThePythonClientAccepts() throws IOException, URISyntaxException {
        Assumptions.assumeTrue(
                ExternalCommand.succeeds(PYTHON, "-c", "import prometheus_client.openmetrics.parser"),
                "no Python with prometheus_client found: name one in SHMRT_PROMETHEUS_PYTHON");
        Path script = Path.of(Objects.requireNonNull(getClass().getResource("/python/openmetrics_peer.py"))
                .toURI());
        String text;
        HopMeter meter = hop();
        TelemetryWriter loop = loop();
        try (meter;
                loop) {
            text = shm.run("metrics").succeeded().out();
        }
        try (ChildProcess child = ChildProcess.start(List.of(PYTHON, "-B", script.toString()))) {
            for (String line : text.lines().toList()) {
                child.send(line);
            }
            child.closeInput();
            List<String> samples = child.finish();
            String labels = "meter=" + NAME + ",role=hop,source=wfs,stream=dm";

            assertLine(samples, "counter shmrt_frames_total " + labels + " 1000.0");
            assertLine(samples, "summary shmrt_frame_age_seconds_count " + labels + " 1000");
            assertLine(samples, "histogram shmrt_frame_age_buckets_seconds_bucket le=+Inf," + labels + " 1000");
            assertLine(samples, "gauge shmrt_loop_running loop=" + NAME + " 1.0");
        }
    }

    @Test
    void shouldShowTheMeterOfALatencyMeasurement() {
        shm.runLine("create STREAM --shape 4 --dtype u8");
        shm.runLine("create DIR/b.im.shm --shape 4 --dtype u8");
        try (ChildProcess child = shm.start("latency STREAM DIR/b.im.shm --by time --meter " + NAME)) {
            assertTrue(child.line().contains("p99.99"));
            String total = "";
            while (!total.contains(" ")) {
                shm.runLine("zero STREAM DIR/b.im.shm").succeeded();
                total = shm.run("metrics")
                        .succeeded()
                        .out()
                        .lines()
                        .filter(line -> line.startsWith("shmrt_frames_total{meter=\"" + NAME + "\",role=\"hop\""))
                        .filter(line -> !line.endsWith("} 0.0"))
                        .findFirst()
                        .orElse("");
            }
            assertTrue(total.contains("stream=\"b\""), total);
        }
        shm.runLine("rm DIR/b.im.shm").succeeded();
    }

    private static HttpResponse<String> request(String address, String method) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .method(method, BodyPublishers.noBody())
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Tag("slow")
    void shouldServeTheTextUntilTheSignal() throws IOException {
        Map<String, String> pages = Map.of("SHMRT_LOOP_DIR", shm.directory().toString());
        Files.write(shm.file("shmrt-meter.damaged"), new byte[100]);
        try (ChildProcess child = shm.start("metrics --listen 0", pages)) {
            String line = child.lineWith("shm metrics: listening on ");
            String address = line.substring(0, line.indexOf(';'));
            address = address.substring(address.indexOf("http"));

            HttpResponse<String> answer = request(address, "GET");
            assertEquals(200, answer.statusCode());
            assertEquals(
                    "application/openmetrics-text; version=1.0.0; charset=utf-8",
                    answer.headers().firstValue("Content-Type").orElseThrow());
            assertEquals("# EOF\n", answer.body());
            assertEquals(200, request(address, "HEAD").statusCode());
            assertEquals(405, request(address, "POST").statusCode());
            assertEquals(404, request(address.replace("/metrics", "/"), "GET").statusCode());
            while (!child.errors().contains("shmrt-meter.damaged is not the page of a meter")) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void shouldRefuseWrongAddresses() throws IOException {
        shm.run("metrics", "--listen", "x").refused(2, "write PORT or HOST:PORT");
        shm.run("metrics", "--listen", "70000").refused(2, "a port is 0 to 65535");
        shm.run("metrics", "--listen", "no-such-host.invalid:0").refused(1, "there is no such host");
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            shm.run("metrics", "--listen", String.valueOf(other.getLocalPort())).refused(1, "use another port");
        }
    }
}
