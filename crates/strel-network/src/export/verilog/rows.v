
// What comes in goes out WIDTH - 1 enabled clocks later, and so is taken after WIDTH. PLACE counts
// the enabled clocks from 0 to WIDTH - 2, again and again. Synthesis makes block RAM of the memory.
module NAME_rows #(
    parameter [15:0] WIDTH = 64,
    parameter integer ROWS = 1
) (
    input wire clock,
    input wire enable,
    input wire [15:0] place,
    input wire [ROWS - 1:0] pixels,
    output reg [ROWS - 1:0] earlier
);

localparam integer LENGTH = {16'd0, WIDTH} - 1;
localparam integer BITS = LENGTH > 1 ? $clog2(LENGTH) : 1;

generate
    if (LENGTH == 0) begin : narrow
        always @(posedge clock) if (enable) earlier <= pixels;
    end else begin : wide
        reg [ROWS - 1:0] memory [0:LENGTH - 1];
        always @(posedge clock)
            if (enable) begin
                earlier <= memory[place[BITS - 1:0]];
                memory[place[BITS - 1:0]] <= pixels;
            end
    end
endgenerate

endmodule
