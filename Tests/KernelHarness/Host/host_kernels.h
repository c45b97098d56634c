/* The host variants, as the contract declares their portable twins. */
#ifndef TINYSDK_HOST_KERNELS_H
#define TINYSDK_HOST_KERNELS_H

#include "tinysdk_kernels.h"

#define VARIANT(kernel, args)                                                                                \
  extern __typeof__(kernel) kernel##_host;                                                                   \
  int32_t kernel##_host_instructions(const args *);

#define VARIANT_WITH_SCRATCH(kernel, args)                                                                   \
  VARIANT(kernel, args)                                                                                      \
  int32_t kernel##_host_scratch(const args *);

VARIANT_WITH_SCRATCH(tinysdk_conv2d_s8, tinysdk_conv2d_args)
VARIANT_WITH_SCRATCH(tinysdk_conv2d_1x1_s8, tinysdk_conv2d_args)
VARIANT_WITH_SCRATCH(tinysdk_depthwise_conv2d_s8, tinysdk_conv2d_args)
VARIANT_WITH_SCRATCH(tinysdk_conv2d_input_gradient_f32, tinysdk_conv2d_args)
VARIANT_WITH_SCRATCH(tinysdk_conv2d_1x1_input_gradient_f32, tinysdk_conv2d_args)
VARIANT_WITH_SCRATCH(tinysdk_depthwise_input_gradient_f32, tinysdk_conv2d_args)
VARIANT(tinysdk_conv2d_weight_gradient_f32, tinysdk_conv2d_args)
VARIANT(tinysdk_conv2d_weight_update_s8, tinysdk_conv2d_args)
VARIANT(tinysdk_conv2d_bias_update_s32, tinysdk_conv2d_args)
VARIANT(tinysdk_add_s8, tinysdk_add_args)
VARIANT(tinysdk_scale_f32, tinysdk_planes_args)
VARIANT(tinysdk_average_pool2d_s8, tinysdk_pool2d_args)
VARIANT(tinysdk_max_pool2d_s8, tinysdk_pool2d_args)
VARIANT(tinysdk_average_pool2d_gradient_f32, tinysdk_pool2d_args)
VARIANT(tinysdk_dense_f32, tinysdk_dense_f32_args)
VARIANT(tinysdk_dense_weight_update_f32, tinysdk_dense_f32_args)
VARIANT(tinysdk_update_s8, tinysdk_update_args)
VARIANT(tinysdk_update_s8_r4, tinysdk_update_args)
VARIANT(tinysdk_conv2d_weight_update_s8_r4, tinysdk_conv2d_args)
VARIANT(tinysdk_update_s8_stochastic, tinysdk_update_args)
VARIANT(tinysdk_conv2d_weight_update_s8_stochastic, tinysdk_conv2d_args)
VARIANT_WITH_SCRATCH(tinysdk_conv2d_1x1_input_gradient_g16, tinysdk_conv2d_args)
VARIANT_WITH_SCRATCH(tinysdk_depthwise_input_gradient_g16, tinysdk_conv2d_args)
VARIANT_WITH_SCRATCH(tinysdk_conv2d_input_gradient_g16, tinysdk_conv2d_args)
VARIANT(tinysdk_conv2d_weight_update_s8_g16, tinysdk_conv2d_args)
VARIANT(tinysdk_conv2d_weight_update_s8_g16_r4, tinysdk_conv2d_args)
VARIANT(tinysdk_conv2d_weight_update_s8_g16_stochastic, tinysdk_conv2d_args)
VARIANT(tinysdk_conv2d_bias_update_s32_g16, tinysdk_conv2d_args)
VARIANT(tinysdk_scale_g16, tinysdk_scale_gradient_args)
VARIANT(tinysdk_accumulate_g16, tinysdk_count_args)
VARIANT(tinysdk_average_pool2d_gradient_g16, tinysdk_average_pool2d_gradient_args)
VARIANT_WITH_SCRATCH(tinysdk_conv2d_1x1_input_gradient_g8, tinysdk_conv2d_args)
VARIANT_WITH_SCRATCH(tinysdk_depthwise_input_gradient_g8, tinysdk_conv2d_args)
VARIANT_WITH_SCRATCH(tinysdk_conv2d_input_gradient_g8, tinysdk_conv2d_args)
VARIANT(tinysdk_conv2d_weight_update_s8_g8, tinysdk_conv2d_args)
VARIANT(tinysdk_conv2d_weight_update_s8_g8_r4, tinysdk_conv2d_args)
VARIANT(tinysdk_conv2d_weight_update_s8_g8_stochastic, tinysdk_conv2d_args)
VARIANT(tinysdk_conv2d_bias_update_s32_g8, tinysdk_conv2d_args)
VARIANT(tinysdk_scale_g8, tinysdk_scale_gradient_args)
VARIANT(tinysdk_accumulate_g8, tinysdk_count_args)
VARIANT(tinysdk_average_pool2d_gradient_g8, tinysdk_average_pool2d_gradient_args)

#endif
