/* Copies the pixels of packets to their places in a frame, and nothing else: packet_receiver PORT FRAME_BYTES BUFFER_BYTES.
 * Prints "ready" when it listens; runs until it is killed. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "packets.h"

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    long frame_bytes = atol(argv[2]);
    int bytes = atoi(argv[3]);
    unsigned char *frame = malloc(frame_bytes);
    int sock = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    if (!frame || sock < 0 || bind(sock, (struct sockaddr *)&at, sizeof at) < 0) {
        perror("packet_receiver");
        return 1;
    }
    setsockopt(sock, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    static unsigned char buffers[BATCH][PACKET_BYTES];
    struct iovec parts[BATCH];
    struct mmsghdr messages[BATCH];
    memset(messages, 0, sizeof messages);
    for (int i = 0; i < BATCH; i++) {
        parts[i] = (struct iovec){buffers[i], PACKET_BYTES};
        messages[i].msg_hdr.msg_iov = &parts[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    puts("ready");
    fflush(stdout);
    for (;;) {
        int n = recvmmsg(sock, messages, BATCH, MSG_WAITFORONE, NULL);
        for (int i = 0; i < n; i++) {
            uint32_t numbers[2];
            memcpy(numbers, buffers[i], sizeof numbers);
            long from = (long)ntohl(numbers[1]) * PAYLOAD_BYTES, length = (long)messages[i].msg_len - HEADER_BYTES;
            if (length > 0 && from + length <= frame_bytes)
                memcpy(frame + from, buffers[i] + HEADER_BYTES, length);
        }
    }
}
