#include <iostream>

int main() {
    long sum = 0, number;
    while (std::cin >> number) sum += number;
    std::cout << sum << std::endl;
}
