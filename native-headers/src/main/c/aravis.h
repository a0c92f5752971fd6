/*
 * The part of libaravis 0.8 (GigE Vision and USB3 Vision cameras) that ShmRT calls, and the functions of GLib that free
 * its results, on 64-bit Linux.
 *
 * Written by hand and without #include, so that jextract generates the same Java on every machine. Objects are numbers
 * here (arv_pointer), which have the binary form of pointers: Java allocates a segment for each pointer that a function
 * returns, and these are called for each frame. Enumerations are ints.
 */
#ifndef SHMRT_ARAVIS_H
#define SHMRT_ARAVIS_H

typedef unsigned long arv_pointer;

/* GError of GLib; message is UTF-8, ends with 0, and belongs to the error. */
struct arv_error {
    unsigned int domain;
    int code;
    char *message;
};

/* Cameras that answer. The list is that of the last update. */
void arv_update_device_list(void);
unsigned int arv_get_n_devices(void);
const char *arv_get_device_id(unsigned int index);
const char *arv_get_device_vendor(unsigned int index);
const char *arv_get_device_model(unsigned int index);
const char *arv_get_device_address(unsigned int index);
const char *arv_get_device_protocol(unsigned int index);

/* A camera. The last argument is the place of an error, which the caller frees; the place must be 0 before the call. */
arv_pointer arv_camera_new(const char *name, arv_pointer *error);
arv_pointer arv_camera_get_device(arv_pointer camera);
arv_pointer arv_camera_create_stream(arv_pointer camera, void *callback, void *user_data, arv_pointer *error);
void arv_camera_get_region(arv_pointer camera, int *x, int *y, int *width, int *height, arv_pointer *error);
unsigned int arv_camera_get_pixel_format(arv_pointer camera, arv_pointer *error);
const char *arv_camera_get_pixel_format_as_string(arv_pointer camera, arv_pointer *error);
double arv_camera_get_frame_rate(arv_pointer camera, arv_pointer *error);
void arv_camera_set_frame_rate(arv_pointer camera, double frame_rate, arv_pointer *error);
unsigned int arv_camera_get_payload(arv_pointer camera, arv_pointer *error);
void arv_camera_start_acquisition(arv_pointer camera, arv_pointer *error);
void arv_camera_stop_acquisition(arv_pointer camera, arv_pointer *error);
int arv_camera_is_gv_device(arv_pointer camera);
void arv_camera_gv_set_packet_size(arv_pointer camera, int packet_size, arv_pointer *error);
void arv_camera_gv_set_stream_options(arv_pointer camera, int options);

/* Its device: features as "Name=value". A GigE device is the controller until its heartbeat is not answered. */
int arv_device_set_features_from_string(arv_pointer device, const char *string, arv_pointer *error);
int arv_gv_device_is_controller(arv_pointer device);

/* Its frames. timeout in microseconds; 0 if there was none in time. */
void arv_stream_push_buffer(arv_pointer stream, arv_pointer buffer);
arv_pointer arv_stream_timeout_pop_buffer(arv_pointer stream, unsigned long timeout);

/* A buffer. preallocated is memory of the caller, user_data any number. */
arv_pointer arv_buffer_new_full(unsigned long size, arv_pointer preallocated, arv_pointer user_data, void *destroy);
arv_pointer arv_buffer_get_user_data(arv_pointer buffer);
int arv_buffer_get_status(arv_pointer buffer);
int arv_buffer_get_payload_type(arv_pointer buffer);
unsigned long arv_buffer_get_frame_id(arv_pointer buffer);
unsigned long arv_buffer_get_system_timestamp(arv_pointer buffer);
arv_pointer arv_buffer_get_data(arv_pointer buffer, unsigned long *size);
int arv_buffer_get_image_width(arv_pointer buffer);
int arv_buffer_get_image_height(arv_pointer buffer);
unsigned int arv_buffer_get_image_pixel_format(arv_pointer buffer);

/* libgobject-2.0 and libglib-2.0, on which libaravis depends. */
void g_object_unref(arv_pointer object);
void g_error_free(arv_pointer error);

/* Status of a buffer. */
#define ARV_BUFFER_STATUS_SUCCESS 0
#define ARV_BUFFER_STATUS_CLEARED 1
#define ARV_BUFFER_STATUS_TIMEOUT 2
#define ARV_BUFFER_STATUS_MISSING_PACKETS 3
#define ARV_BUFFER_STATUS_WRONG_PACKET_ID 4
#define ARV_BUFFER_STATUS_SIZE_MISMATCH 5
#define ARV_BUFFER_STATUS_FILLING 6
#define ARV_BUFFER_STATUS_ABORTED 7

#define ARV_BUFFER_PAYLOAD_TYPE_IMAGE 1

#define ARV_GV_STREAM_OPTION_PACKET_SOCKET_DISABLED 1

#endif
