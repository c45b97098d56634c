#include "CModelAPI.h"

_Static_assert(sizeof(tinysdk_model_result) == 8, "as in model.h");
