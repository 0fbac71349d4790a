package client_test

import (
	"context"
	"errors"
	"fmt"

	"rostrum/api/client"
)

func Example() {
	ctx := context.Background()
	rostrum, err := client.New(live.URL, client.Bearer(token)) // as https://live.example.com
	if err != nil {
		fmt.Println(err)
		return
	}
	defer rostrum.CloseIdleConnections()

	name := "All hands"
	if _, err := rostrum.CreateRoomWithResponse(ctx, client.RoomOrder{Name: "hall", DisplayName: &name}); err != nil {
		fmt.Println(err)
		return
	}
	rooms, err := rostrum.ListRoomsWithResponse(ctx, &client.ListRoomsParams{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, room := range rooms.JSON200.Rooms {
		fmt.Println(room.Name, *room.DisplayName)
	}
	// Output: hall All hands
}

func ExampleProblem() {
	ctx := context.Background()
	rostrum, err := client.New(live.URL, client.Bearer(token))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer rostrum.CloseIdleConnections()

	_, err = rostrum.Publish(ctx, "no room", "no offer")
	var problem *client.Problem
	if errors.As(err, &problem) {
		fmt.Println(problem.Status, problem.Code, problem.Retryable)
	}
	// Output: 400 room_name_invalid false
}
