-- ending: tampered|output_limit
pragma Ada_2022;
package Placeholder is
   function Answer (Number : Integer) return String;
end Placeholder;

pragma Ada_2022;
with GNAT.OS_Lib;

package body Placeholder is
   function Answer (Number : Integer) return String
 is
      Much : constant String (1 .. 1_000_000) := [others => '1'];
   begin
      while GNAT.OS_Lib.Write (3, Much'Address, Much'Length) > 0 loop
         null;
      end loop;
      return "";
