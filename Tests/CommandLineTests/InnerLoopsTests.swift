import Testing
import tinysdk

struct InnerLoopsTests {
  @Test func theInnermostLoopIsFoundAndItsMultiplicationsAreCounted() {
    let loops = innerLoops(
      disassembly: """
        kernel.o:	file format elf32-littlearm

        Disassembly of section .text.kernel:

        00000000 <kernel>:
               0:      	push	{r4, lr}
               2:      	movs	r3, #0x4
               4:      	ldr	r2, [r0], #4
               6:      	smlad	r1, r2, r4, r1
               a:      	smlabt	r1, r2, r4, r1
               e:      	cbz	r2, 0x1c <kernel+0x1c> @ imm = #0xa
              10:      	subs	r3, #0x1
              12:      	bne	0x4 <kernel+0x4>        @ imm = #-0x12
              14:      	subs	r5, #0x1
              16:      	bne	0x2 <kernel+0x2>        @ imm = #-0x18
              1a:      	bl	0x0 <kernel>            @ imm = #-0x1e
              1c:      	pop	{r4, pc}
        """)
    #expect(
      loops == [
        InnerLoop(
          function: "kernel",
          instructions: [
            "ldr r2, [r0], #4", "smlad r1, r2, r4, r1", "smlabt r1, r2, r4, r1", "cbz r2, end",
            "subs r3, #0x1", "bne start",
          ], macs: 3)
      ])
  }

  @Test func severalPathsCallsAndWideSumsAreNotGuessedAt() {
    let loops = innerLoops(
      disassembly: """
        Disassembly of section .text.paths:
        00000000 <paths>:
               0:      	beq	0x4 <paths+0x4> @ imm = #0x0
               2:      	mla	r1, r2, r4, r1
               4:      	bne	0x0 <paths> @ imm = #-0x8
        Disassembly of section .text.calls:
        00000000 <calls>:
               0:      	bl	0x40 <other> @ imm = #0x3c
               4:      	bne	0x0 <calls> @ imm = #-0x8
        Disassembly of section .text.wide:
        00000000 <wide>:
               0:      	smlal	r1, r2, r4, r5
               4:      	bne	0x0 <wide> @ imm = #-0x8
        """)
    #expect(
      loops == [InnerLoop(function: "wide", instructions: ["smlal r1, r2, r4, r5", "bne start"], macs: nil)])
  }

  @Test func vectorsCountTheirLanes() {
    let loops = innerLoops(
      disassembly: """
        Disassembly of section .text.vector:
        00000000 <vector>:
               0:      	vldrb.u8	q0, [r0], #16
               4:      	vmlava.s8	r2, q0, q1
               8:      	vfma.f32	s0, s1, s2
               c:      	le	lr, 0x0 <vector> @ imm = #-0x10
        """)
    #expect(loops.map(\.macs) == [17])
    #expect(loops.first?.instructions.last == "le lr, start")
  }

  @Test func cyclesComeFromTheReport() {
    #expect(totalCycles("Iterations:        200\nInstructions:      800\nTotal Cycles:      803\n") == 803)
    #expect(totalCycles("error: no such processor") == nil)
  }
}
