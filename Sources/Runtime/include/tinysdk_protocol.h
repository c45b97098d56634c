/* clang-format off */
/* The link between host and device, version 1. The host's side is FrameCodec.swift and DeviceSession.swift.
 *
 * Bytes travel in frames; every number is little-endian:
 *
 *   offset  bytes  field
 *        0      4  magic "TSDK"
 *        4      1  type (below)
 *        5      1  reserved, 0
 *        6      2  sequence: chosen by the host from 1 up, wrapping past 0; a reply repeats its request's; 0 is
 *                  unasked for
 *        8      4  payload bytes
 *       12      4  CRC-32 of the 12 bytes before it
 *       16      n  payload
 *     16+n      4  CRC-32 of the payload
 *
 * CRC-32 is IEEE 802.3's (reflected 0x04C11DB7, initial and final value all ones), as in zlib.
 *
 * Every request has one reply. The host may send requests ahead of the replies, as far as it wants to keep
 * replies in the transport's buffer. A receiver that finds a wrong check sum, or bytes that are no frame,
 * looks for the next magic; the device answers with NAK, upon which the host repeats the request, and the
 * host repeats its request by itself. A host that repeats sends nothing ahead. The device knows a repetition
 * by its sequence number: a sample is never learned twice, its result is sent again.
 *
 *   type         direction  payload
 *   HELLO        to device  u32 version, u8[16] build hash, u32 input bytes, u32 classes, u32 state bytes,
 *                           u32 measure (1: start the timer)
 *   HELLO        to host    u32 version, u8[16] build hash, u32 input bytes, u32 classes, u32 state bytes,
 *                           u32 profiled operators (0: not built for profiling),
 *                           u32 unit of costs (0: none, 1: instructions, 2: timer ticks)
 *   SAMPLE       to device  u32 flags (1: learn, 2: send the outputs, 4: count the prediction), i32 label,
 *                           f32 rate, s8[] input
 *   RESULT       to host    f32 loss, i32 prediction, u64 cost (0 unless measured), f32[] outputs when asked for
 *   STATE_READ   to device  u32 offset, u32 bytes, in the trainable state or in the replay memory, whose first
 *                           offset is the state's size
 *   STATE        to host    the bytes
 *   STATE_WRITE  to device  u32 offset, then the bytes
 *   RESET        to device  nothing: the trainable state becomes the image's initial one
 *   PROFILE      to device  u32 clear (1: forget all costs, the reply is DONE)
 *   PROFILE      to host    for each operator: u64 cost, u32 calls
 *   STACK        to device  nothing
 *   STACK        to host    u32 bytes used at most, u32 bytes there are
 *   EVALUATION   to device  u32 clear (1: forget all counts, the reply is DONE)
 *   EVALUATION   to host    u32 correct, u32 total, u32[classes * classes] counts by label and prediction;
 *                           the counts are missing in an image without evaluation
 *   LEARNING     to device  nothing
 *   LEARNING     to host    the window over the last training steps: u32 steps, u32 predicted right, f32 mean
 *                           loss; the guard: u32 states brought back, u32 states kept; zeros where there is none
 *   DONE         to host    nothing: STATE_WRITE, RESET or clearing has been carried out
 *   LOG          to host    text
 *   ERROR        to host    u32 code, text; with sequence 0 it is the program's end
 *   NAK          to host    nothing
 *   QUIT         to device  nothing: no more samples
 *   BYE          to host    i32 exit code, once main has returned
 *
 * Before HELLO has agreed on version, hash and sizes, the device answers everything else with an error.
 */
/* clang-format on */
#ifndef TINYSDK_PROTOCOL_H
#define TINYSDK_PROTOCOL_H

#define TINYSDK_PROTOCOL_VERSION 1u
#define TINYSDK_FRAME_MAGIC 0x4B445354u /* "TSDK" */

#define TINYSDK_FRAME_HELLO 1u
#define TINYSDK_FRAME_SAMPLE 2u
#define TINYSDK_FRAME_RESULT 3u
#define TINYSDK_FRAME_STATE_READ 4u
#define TINYSDK_FRAME_STATE 5u
#define TINYSDK_FRAME_STATE_WRITE 6u
#define TINYSDK_FRAME_RESET 7u
#define TINYSDK_FRAME_PROFILE 8u
#define TINYSDK_FRAME_STACK 9u
#define TINYSDK_FRAME_DONE 10u
#define TINYSDK_FRAME_LOG 11u
#define TINYSDK_FRAME_ERROR 12u
#define TINYSDK_FRAME_NAK 13u
#define TINYSDK_FRAME_QUIT 14u
#define TINYSDK_FRAME_BYE 15u
#define TINYSDK_FRAME_EVALUATION 16u
#define TINYSDK_FRAME_LEARNING 17u

#define TINYSDK_SAMPLE_LEARN 1u
#define TINYSDK_SAMPLE_OUTPUTS 2u
#define TINYSDK_SAMPLE_COUNT 4u

#define TINYSDK_ERROR_MISMATCH 1u /* version, hash or sizes differ, or no HELLO yet */
#define TINYSDK_ERROR_REQUEST 2u  /* unknown type, wrong size or value out of range */
#define TINYSDK_ERROR_FAULT 3u    /* the program stopped with a processor fault */

/* Exit codes of the runtime itself. */
#define TINYSDK_EXIT_FAULT 100 /* a processor fault; the report is on the console */
#define TINYSDK_EXIT_LINK 101  /* the host went away without saying QUIT */
#define TINYSDK_EXIT_BOARD 102 /* the board's memory regions cannot be guarded */

#endif
