/* The packets of the ingest benchmark: two 32-bit numbers in network byte order, of the frame and of the packet. */
#ifndef SHMRT_PACKETS_H
#define SHMRT_PACKETS_H

enum { PACKET_BYTES = 9000, HEADER_BYTES = 16, PAYLOAD_BYTES = PACKET_BYTES - HEADER_BYTES, BATCH = 32 };

#endif
