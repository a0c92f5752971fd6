package org.shmrt.camera.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.Isolation;

/** Multicast groups on a machine that also has interfaces without addresses, as Docker creates them. */
@Timeout(600)
class MulticastInterfacesTest {
    private static final String TWO_ENDS =
            "ip link set lo up && ip link add v1 type veth peer name v2" + " && ip link set v1 up && ip link set v2 up";

    private static String join(String addresses, String group) {
        List<String> prefix = List.of("unshare", "--net", "sh", "-c", TWO_ENDS + addresses + " && exec \"$@\"", "sh");
        Isolation.assumePermitted(prefix);
        try (ChildProcess child = ChildProcess.start(
                Isolation.command(prefix, ChildJvm.command(ChildJvm.QUICK, MulticastChild.class, group)))) {
            return child.line();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"239.255.77.23:7723", "ff12::7723:7723"})
    void shouldJoinOnTheInterfacesThatHaveAnAddress(String group) {
        assertEquals(
                "joined, 96",
                join(
                        " && ip addr add 10.77.9.1/24 dev v1 && ip -6 addr add fd77::1/64 dev v1 nodad"
                                + " && ip -6 addr add fd77::2/64 dev v2 nodad",
                        group));
    }

    @Test
    void shouldSayWhyNoInterfaceCanJoin() {
        String line = join("", "239.255.77.23:7723");

        assertTrue(
                line.startsWith("cannot receive packets at udp:239.255.77.23:7723: a network interface cannot join the"
                        + " group 239.255.77.23 (no multicast interface that is up has an address of its family)"),
                line);
    }
}
