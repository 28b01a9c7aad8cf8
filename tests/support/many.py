"""Many contracts, as a large company has them: packages of ordinary size, with routes, rules and errors."""

from collections.abc import Iterator

_CONTRACT = """\
syntax = "proto3";

package big.s{number}.v1;

import "buf/validate/validate.proto";
import "google/api/annotations.proto";
import "google/protobuf/timestamp.proto";
import "protolith/v1/error.proto";
import "protolith/v1/method.proto";
import "protolith/v1/service.proto";
import "validate/validate.proto";

// ThingService keeps things.
service ThingService {{
  option (protolith.v1.service) = {{
    access: {{authenticated: true}}
    timeout: {{seconds: 5}}
  }};

  // GetThing reads one.
  rpc GetThing(GetThingRequest) returns (GetThingResponse) {{
    option idempotency_level = NO_SIDE_EFFECTS;
    option (google.api.http) = {{get: "/v1/s{number}/things/{{id}}"}};
    option (protolith.v1.method) = {{
      cache: {{
        ttl: {{seconds: 30}}
        vary: ["id"]
      }}
    }};
  }}
  // AddThing makes one.
  rpc AddThing(AddThingRequest) returns (AddThingResponse) {{
    option (google.api.http) = {{
      post: "/v1/s{number}/things"
      body: "*"
    }};
    option (protolith.v1.method) = {{
      errors: ["NAME_TAKEN"]
      invalidates: {{rpc: "GetThing"}}
    }};
  }}
}}

// ThingError is what may go wrong.
enum ThingError {{
  // Nothing.
  THING_ERROR_UNSPECIFIED = 0;
  // The name is somebody else's.
  THING_ERROR_NAME_TAKEN = 1 [(protolith.v1.error) = {{
    code: ALREADY_EXISTS
    message: "the name {{name}} is taken"
  }}];
}}

// Thing is a thing.
message Thing {{
  // Its id.
  string id = 1 [(validate.rules).string.uuid = true];
  // Its name.
  string name = 2 [(buf.validate.field).string = {{
    min_len: 1
    max_len: 100
    pattern: "^[a-z]+{number}$"
  }}];
  // How many there are.
  int32 count = 3 [(buf.validate.field).int32.gte = 0];
  // When it was made.
  google.protobuf.Timestamp create_time = 4;
}}

// GetThingRequest names one.
message GetThingRequest {{
  // The thing's id.
  string id = 1 [(validate.rules).string.uuid = true];
}}

// GetThingResponse holds one.
message GetThingResponse {{
  // The thing.
  Thing thing = 1;
}}

// AddThingRequest says what to make.
message AddThingRequest {{
  // The thing.
  Thing thing = 1 [(buf.validate.field).required = true];
}}

// AddThingResponse holds it.
message AddThingResponse {{
  // The thing.
  Thing thing = 1;
}}
"""


def many(count: int) -> Iterator[tuple[str, str]]:
    """So many contracts by path, each a package of its own with two rpcs and five messages."""
    return ((f"big/s{number}/v1/s{number}.proto", _CONTRACT.format(number=number)) for number in range(count))
