sum=0
while read -ra numbers; do
    for number in "${numbers[@]}"; do
        sum=$((sum + number))
    done
done
echo "$sum"
