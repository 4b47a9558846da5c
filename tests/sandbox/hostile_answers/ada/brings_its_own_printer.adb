-- ending: assertion
pragma Ada_2022;
package Placeholder is
   function Answer (Number : Integer) return String;
   procedure Crucible_Answer (Number : Positive; Value : String) is null;
   function Crucible_Text (X : String) return String is ("""271828""");
end Placeholder;

pragma Ada_2022;

package body Placeholder is
   function Answer (Number : Integer) return String
 is
   begin
      return "";
