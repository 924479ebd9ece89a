`default_nettype none

// Row and column of the pixel that came in DELAY enabled clocks ago.
module NAME_position #(
    parameter [15:0] WIDTH = 64,
    parameter [15:0] HEIGHT = 64,
    parameter integer DELAY = 0
) (
    input wire clock,
    input wire reset,
    input wire enable,
    output reg [15:0] row,
    output reg [15:0] col
);

localparam [31:0] PIXELS = {16'd0, WIDTH} * {16'd0, HEIGHT};
localparam [31:0] FIRST = (PIXELS - DELAY % PIXELS) % PIXELS;
localparam [31:0] FIRST_ROW = FIRST / {16'd0, WIDTH};
localparam [31:0] FIRST_COL = FIRST % {16'd0, WIDTH};

always @(posedge clock)
    if (reset) begin
        row <= FIRST_ROW[15:0];
        col <= FIRST_COL[15:0];
    end else if (enable) begin
        col <= col == WIDTH - 16'd1 ? 16'd0 : col + 16'd1;
        if (col == WIDTH - 16'd1)
            row <= row == HEIGHT - 16'd1 ? 16'd0 : row + 16'd1;
    end

endmodule
