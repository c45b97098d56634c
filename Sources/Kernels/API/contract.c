/* Holds the contract's structs to the sizes that generated code and the host bridge count on. */
#include "tinysdk_kernels.h"
#include "tinysdk_learning.h"

_Static_assert(sizeof(tinysdk_requantization) == 8, "two 32-bit fields");
_Static_assert(sizeof(tinysdk_conv2d_args) == 23 * 4, "23 32-bit fields");
_Static_assert(sizeof(tinysdk_dense_args) == 10 * 4, "10 32-bit fields");
_Static_assert(sizeof(tinysdk_add_args) == 14 * 4, "14 32-bit fields");
_Static_assert(sizeof(tinysdk_pool2d_args) == 18 * 4, "18 32-bit fields");
_Static_assert(sizeof(tinysdk_planes_args) == 3 * 4, "3 32-bit fields");
_Static_assert(sizeof(tinysdk_gather_args) == 4 * 4, "4 32-bit fields");
_Static_assert(sizeof(tinysdk_count_args) == 4, "1 32-bit field");
_Static_assert(sizeof(tinysdk_dequantize_args) == 3 * 4, "3 32-bit fields");
_Static_assert(sizeof(tinysdk_requantize_args) == 8 * 4, "8 32-bit fields");
_Static_assert(sizeof(tinysdk_dense_f32_args) == 3 * 4, "3 32-bit fields");
_Static_assert(sizeof(tinysdk_loss_args) == 2 * 4, "2 32-bit fields");
_Static_assert(sizeof(tinysdk_update_args) == 2 * 4, "2 32-bit fields");
_Static_assert(sizeof(tinysdk_quantize_gradient_args) == 2 * 4, "2 32-bit fields");
_Static_assert(sizeof(tinysdk_scale_gradient_args) == 5 * 4, "5 32-bit fields");
_Static_assert(sizeof(tinysdk_average_pool2d_gradient_args) == 16 * 4, "16 32-bit fields");
_Static_assert(sizeof(tinysdk_schedule_args) == 4 * 4, "4 32-bit fields");
_Static_assert(sizeof(tinysdk_momentum_args) == 2 * 4, "2 32-bit fields");
_Static_assert(sizeof(tinysdk_mean_args) == 2 * 4, "2 32-bit fields");
_Static_assert(sizeof(tinysdk_clip_args) == 4, "1 32-bit field");
_Static_assert(sizeof(tinysdk_confusion_args) == 4, "1 32-bit field");
_Static_assert(sizeof(tinysdk_window_args) == 4, "1 32-bit field");
_Static_assert(sizeof(tinysdk_window) == 24, "the plan counts its bytes");
_Static_assert(sizeof(tinysdk_guard_args) == 5 * 4, "5 32-bit fields");
_Static_assert(sizeof(tinysdk_guard) == 56, "the plan counts its bytes");
_Static_assert(sizeof(tinysdk_replay_args) == 2 * 4, "2 32-bit fields");
_Static_assert(sizeof(tinysdk_replay_class) == 16, "the plan counts its bytes");
_Static_assert(sizeof(tinysdk_replay) == 16, "the plan counts its bytes");
