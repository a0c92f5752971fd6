/* Sends the packets of frames to a port of this machine as fast as possible: packet_sender PORT FRAME_BYTES WARM_UP_S SECONDS.
 * Then prints the bytes of pixels that were sent, those that the receiver's socket took, and the ns. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "packets.h"
#include "realtime.h"

/* Packets dropped because the buffer of the receiver's socket was full, as the kernel counts them. */
static long drops(int port)
{
    static const char *const tables[] = {"/proc/net/udp", "/proc/net/udp6"};
    long sum = 0;
    for (int i = 0; i < 2; i++) {
        FILE *table = fopen(tables[i], "r");
        char line[512];
        while (table && fgets(line, sizeof line, table)) {
            unsigned local = 0;
            if (sscanf(line, " %*d: %*[0-9A-F]:%X", &local) == 1 && local == (unsigned)port) {
                char *last = line;
                for (char *word = strtok(line, " \n"); word; word = strtok(NULL, " \n"))
                    last = word;
                sum += atol(last);
            }
        }
        if (table)
            fclose(table);
    }
    return sum;
}

int main(int argc, char **argv)
{
    if (argc != 5)
        return 2;
    int port = atoi(argv[1]);
    long frame_bytes = atol(argv[2]);
    int64_t warm_up = atof(argv[3]) * 1e9, duration = atof(argv[4]) * 1e9;
    long packets = (frame_bytes + PAYLOAD_BYTES - 1) / PAYLOAD_BYTES;
    int sock = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    if (sock < 0 || connect(sock, (struct sockaddr *)&to, sizeof to) < 0) {
        perror("packet_sender");
        return 1;
    }
    static unsigned char buffers[BATCH][PACKET_BYTES];
    struct iovec parts[BATCH];
    struct mmsghdr messages[BATCH];
    memset(messages, 0, sizeof messages);
    int64_t start = 0, begin = monotonic_ns(), now;
    long sent = 0, dropped = 0;
    uint32_t frame = 1, packet = 0;
    while ((now = monotonic_ns()) < begin + warm_up + duration) {
        if (!start && now >= begin + warm_up) {
            start = now;
            sent = 0;
            dropped = drops(port);
        }
        for (int i = 0; i < BATCH; i++) {
            long left = frame_bytes - (long)packet * PAYLOAD_BYTES;
            uint32_t numbers[2] = {htonl(frame), htonl(packet)};
            memcpy(buffers[i], numbers, sizeof numbers);
            parts[i] = (struct iovec){buffers[i], HEADER_BYTES + (left < PAYLOAD_BYTES ? left : PAYLOAD_BYTES)};
            messages[i].msg_hdr.msg_iov = &parts[i];
            messages[i].msg_hdr.msg_iovlen = 1;
            if (++packet == packets) {
                packet = 0;
                frame++;
            }
        }
        for (int done = 0; done < BATCH;) {
            int n = sendmmsg(sock, messages + done, BATCH - done, 0);
            if (n < 0)
                done++; /* nobody listens yet: the packet is lost */
            else
                done += n;
        }
        sent += BATCH;
    }
    int64_t ns = monotonic_ns() - start;
    long lost = drops(port) - dropped;
    printf("%ld %ld %ld\n", sent * PAYLOAD_BYTES, (sent - lost) * PAYLOAD_BYTES, (long)ns);
    return 0;
}
