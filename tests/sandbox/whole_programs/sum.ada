with Ada.Text_IO; use Ada.Text_IO;
with Ada.Integer_Text_IO;

procedure Main is
   Sum    : Integer := 0;
   Number : Integer;
begin
   loop
      begin
         Ada.Integer_Text_IO.Get (Number);
      exception
         when others => exit;
      end;
      Sum := Sum + Number;
   end loop;
   Ada.Integer_Text_IO.Put (Sum, Width => 0);
   New_Line;
end Main;
